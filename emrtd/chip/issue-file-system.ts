/** The files of the specimen chip in their two folders (ICAO 9303-10 3.6, 4.6; 9303-11 9.2.11). */
import { der } from '../asn1/mod.ts';
import type { ChipDescription } from './description.ts';
import { bytesFile, type ChipFile, FILE, groupFile } from './file.ts';
import type { Authority } from './issue-authority.ts';
import { signContent } from './issue-cms.ts';
import type { IssueFault } from './issue-fault.ts';
import { writeAtrInfo, writeCom, writeDir } from './issue-files.ts';
import { paceOid, writePaceInfo, writeStandardizedKey } from './issue-security-infos.ts';
import type { PaceVariant } from './pace.ts';

/** id-SecurityObject, BSI TR-03110-3 A.1.2.5. */
const ID_SECURITY_OBJECT = '0.4.0.127.0.7.3.2.1';

/** EF.ATR/INFO and EF.DIR; with PACE EF.CardAccess, and EF.CardSecurity for chip authentication mapping. */
export function masterFiles(
  description: ChipDescription,
  authority: Authority,
  pace: readonly PaceVariant[],
  infos: readonly Uint8Array[],
): ChipFile[] {
  const files = [
    bytesFile(FILE.atrInfo, 'always', writeAtrInfo(description.extendedLength)),
    bytesFile(FILE.dir, 'always', writeDir()),
  ];
  if (pace.length === 0) return files;
  const announced = [...infos];
  if (description.faults?.includes('card-access-stripped')) announced.shift();
  if (description.faults?.includes('card-access-changed')) {
    announced.push(writePaceInfo(paceOid('dh', 'GM', '3DES'), 0));
  }
  files.push(bytesFile(FILE.cardAccess, 'always', der.set(...announced)));
  const keys = pace.flatMap(({ camKey, parameterId }) =>
    camKey === undefined ? [] : [writeStandardizedKey(camKey.curve, parameterId, camKey.privateKey)]
  );
  if (keys.length > 0) {
    const forged = description.faults?.includes('card-security-forged') ?? false;
    const signer = forged ? authority.stranger().signer : authority.signer;
    const content = der.set(...infos, ...keys);
    const signed = signContent(ID_SECURITY_OBJECT, content, signer, description.issuedAt);
    files.push(bytesFile(FILE.cardSecurity, 'pace', signed));
  }
  return files;
}

/** EF.COM, EF.SOD and the data groups. */
export function applicationFiles(
  groups: ReadonlyMap<number, Uint8Array>,
  sod: Uint8Array | undefined,
  faulty: (fault: IssueFault) => boolean,
): ChipFile[] {
  const numbers = [...groups.keys()].toSorted((a, b) => a - b);
  const listed = faulty('com-hides-dg14') ? numbers.filter((number) => number !== 14) : numbers;
  const files: ChipFile[] = [];
  if (!faulty('com-missing')) files.push(bytesFile(FILE.com, 'protected', writeCom(listed)));
  if (sod !== undefined) files.push(bytesFile(FILE.sod, 'protected', sod));
  for (const [number, bytes] of groups) {
    // fingerprints and irises stay behind extended access control (9303-11 7)
    const access = number === 3 || number === 4 ? 'extended' : 'protected';
    files.push(bytesFile(groupFile(number), access, bytes));
  }
  return files;
}
