/** APDUs and files of a chip card (ISO/IEC 7816-4, 9303-10 3): a session that reads files within limits. */
export type { CommandApdu } from './command.ts';
export { encodeCommand, parseCommand } from './command.ts';
export type { AtrInfo } from './ef-atr-info.ts';
export { parseAtrInfo, readAtrInfo } from './ef-atr-info.ts';
export { parseDir, readDir } from './ef-dir.ts';
export type { FileId } from './files.ts';
export {
  dataGroupFile,
  EF_ATR_INFO,
  EF_CARD_ACCESS,
  EF_CARD_SECURITY,
  EF_COM,
  EF_DIR,
  EF_SOD,
  EMRTD_AID,
} from './files.ts';
export { dynamicData, requiredData, sendGeneralAuthenticate } from './general-authenticate.ts';
export type { SessionLimits } from './limits.ts';
export { DEFAULT_LIMITS } from './limits.ts';
export type { Protection } from './protection.ts';
export { atStep, refused } from './protocol-step.ts';
export type { FileAccess } from './read-file.ts';
export { readFile, readWholeFile } from './read-file.ts';
export type { ResponseApdu } from './response.ts';
export { parseResponse } from './response.ts';
export { selectApplication, selectFile, selectMasterFile } from './select.ts';
export type { SessionOptions } from './session.ts';
export { Session } from './session.ts';
export { isWrongPassword, statusName, SW } from './status.ts';
