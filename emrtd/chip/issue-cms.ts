/** CMS SignedData of the specimen issuer (RFC 5652 5, ICAO 9303-10 4.6.2.2): EF.SOD and EF.CardSecurity. */
import { der, tlv } from '../asn1/mod.ts';
import { digest } from '../crypto/mod.ts';
import { hashAlgorithm, type IssuedCertificate } from './issue-certificate.ts';

const SIGNED_DATA = '1.2.840.113549.1.7.2';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_TIME = '1.2.840.113549.1.9.5';

/** ContentInfo with SignedData over `content`, the signer's certificate inside. */
export function signContent(
  contentType: string,
  content: Uint8Array,
  signer: IssuedCertificate,
  signedAt: Date,
): Uint8Array {
  const { hash, algorithm } = signer.key;
  const attribute = (oid: string, value: Uint8Array) => der.sequence(der.oid(oid), der.set(value));
  const attributes = [
    attribute(CONTENT_TYPE, der.oid(contentType)),
    attribute(MESSAGE_DIGEST, der.octetString(digest(hash, content))),
    attribute(SIGNING_TIME, der.utcTime(signedAt)),
  ];
  const signedAttributes = der.set(...attributes);
  const signerInfo = der.sequence(
    der.integer(1),
    der.sequence(signer.issuer, der.integer(signer.serial)),
    hashAlgorithm(hash),
    retagged(0xa0, signedAttributes),
    algorithm,
    // RFC 5652 5.4: signed as SET OF, sent as [0]
    der.octetString(signer.key.sign(signedAttributes)),
  );
  return der.sequence(
    der.oid(SIGNED_DATA),
    der.context(
      0,
      der.sequence(
        der.integer(3),
        der.set(hashAlgorithm(hash)),
        der.sequence(der.oid(contentType), der.context(0, der.octetString(content))),
        tlv(0xa0, signer.bytes),
        der.set(signerInfo),
      ),
    ),
  );
}

function retagged(tag: number, element: Uint8Array): Uint8Array {
  const copy = element.slice();
  copy[0] = tag;
  return copy;
}
