/** Tells apart the files that an operator may import, by their contents. */
import { fields, parseTlv, TAG, type Tlv } from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import { parseSignedData } from './cms.ts';
import { looksLikeLdif, parseLdif } from './ldif.ts';
import { CONTENT_TYPE } from './oids.ts';
import { parsePem } from './pem.ts';

/** One object of a file. */
export interface FileObject {
  kind: 'certificate' | 'crl' | 'master-list' | 'deviation-list';
  bytes: Uint8Array;
  /** The file, and the place in it where there are several: `pkd.ldif line 12`. */
  name: string;
}

/** The objects of a file and the kind of container. */
export interface FileContents {
  container: 'single' | 'bundle' | 'ldif';
  objects: FileObject[];
}

/** Kinds of PEM blocks by label (RFC 7468 5 to 9). */
const LABELS: Record<string, FileObject['kind'] | 'cms'> = {
  'CERTIFICATE': 'certificate',
  'X509 CERTIFICATE': 'certificate',
  'TRUSTED CERTIFICATE': 'certificate',
  'X509 CRL': 'crl',
  'CRL': 'crl',
  'CMS': 'cms',
  'PKCS7': 'cms',
};

/**
 * Splits a file into its objects: DER or PEM certificates and CRLs, PEM bundles, CMS master lists and
 * deviation lists, LDIF. Throws PKI_MALFORMED or PKI_UNSUPPORTED when it is none of them.
 */
export function readFile(bytes: Uint8Array, name: string): FileContents {
  if (bytes.length === 0) throw new EmrtdError('PKI_MALFORMED', `${name}: the file is empty`);
  if (bytes[0] === TAG.sequence && !isText(bytes)) {
    return { container: 'single', objects: [{ kind: kindOfDer(bytes, name), bytes, name }] };
  }
  const text = new TextDecoder('utf-8').decode(bytes);
  if (text.includes('-----BEGIN ')) return readPem(text, name);
  if (looksLikeLdif(text)) {
    const objects = parseLdif(text, name)
      .map(({ kind, bytes, line }) => ({ kind, bytes, name: `${name} line ${line}` }));
    if (objects.length === 0) {
      throw new EmrtdError('PKI_MALFORMED', `${name}: no certificates, CRLs or lists in it`);
    }
    return { container: 'ldif', objects };
  }
  throw new EmrtdError(
    'PKI_UNSUPPORTED',
    `${name}: not a certificate, CRL, master list, deviation list, PEM or LDIF file`,
  );
}

/** Text files may start with the digit 0, which is also the tag of a SEQUENCE. */
function isText(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 64).every((byte) =>
    byte === 9 || byte === 10 || byte === 13 || byte >= 32
  ) &&
    bytes.subarray(0, 64).every((byte) => byte < 127);
}

function readPem(text: string, name: string): FileContents {
  const blocks = parsePem(text, name);
  const objects = blocks.map(({ label, bytes }, index): FileObject => {
    const own = blocks.length === 1 ? name : `${name} block ${index + 1}`;
    const kind = LABELS[label];
    if (kind === undefined) {
      throw new EmrtdError('PKI_UNSUPPORTED', `${own}: a block of kind ${label}`);
    }
    return { kind: kind === 'cms' ? kindOfCms(bytes, own) : kind, bytes, name: own };
  });
  if (objects.length === 0) throw new EmrtdError('PKI_MALFORMED', `${name}: no PEM block in it`);
  return { container: objects.length === 1 ? 'single' : 'bundle', objects };
}

function kindOfDer(bytes: Uint8Array, name: string): FileObject['kind'] {
  const root = parseTlv(bytes, { name, ber: true, allowTrailing: true, maxNodes: 1000 });
  const first = fields(root, 'file').required('first element');
  if (first.tag === TAG.oid) return kindOfCms(bytes, name);
  if (first.tag !== TAG.sequence) {
    throw new EmrtdError('PKI_UNSUPPORTED', `${name}: neither certificate, CRL nor CMS message`);
  }
  return isCrl(first) ? 'crl' : 'certificate';
}

/** TBSCertList has a time as its third or fourth field, TBSCertificate never (RFC 5280 4.1, 5.1). */
function isCrl(tbs: Tlv): boolean {
  return tbs.children().slice(2, 4)
    .some(({ tag }) => tag === TAG.utcTime || tag === TAG.generalizedTime);
}

function kindOfCms(bytes: Uint8Array, name: string): FileObject['kind'] {
  const { contentType } = parseSignedData(bytes, { name });
  switch (contentType) {
    case CONTENT_TYPE.masterList:
      return 'master-list';
    case CONTENT_TYPE.deviationList:
      return 'deviation-list';
    default:
      throw new EmrtdError('PKI_UNSUPPORTED', `${name}: a message with content ${contentType}`);
  }
}
