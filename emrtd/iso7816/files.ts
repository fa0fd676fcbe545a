/** The files of a travel document by name: file identifier and short identifier (9303-10 3.9, 3.11, 4.1). */

export interface FileId {
  name: string;
  /** File identifier for SELECT. */
  fid: number;
  /** Short file identifier for READ BINARY. */
  sfi: number;
}

/** Files of the master file. */
export const EF_ATR_INFO: FileId = { name: 'EF.ATR/INFO', fid: 0x2f01, sfi: 0x01 };
export const EF_DIR: FileId = { name: 'EF.DIR', fid: 0x2f00, sfi: 0x1e };
export const EF_CARD_ACCESS: FileId = { name: 'EF.CardAccess', fid: 0x011c, sfi: 0x1c };
export const EF_CARD_SECURITY: FileId = { name: 'EF.CardSecurity', fid: 0x011d, sfi: 0x1d };

/** Files of the eMRTD application. */
export const EF_COM: FileId = { name: 'EF.COM', fid: 0x011e, sfi: 0x1e };
export const EF_SOD: FileId = { name: 'EF.SOD', fid: 0x011d, sfi: 0x1d };

/** EF.DG1 to EF.DG16: file identifier 01nn, short identifier nn. */
export function dataGroupFile(number: number): FileId {
  return { name: `EF.DG${number}`, fid: 0x0100 + number, sfi: number };
}

/** Application identifier of the eMRTD application, LDS1 (9303-10 3.9.2). */
export const EMRTD_AID = Uint8Array.of(0xa0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01);
