/** What a client with a certificate is called in logs and records. */
import type { X509Certificate } from 'node:crypto';

/** As long as a line of a log can bear; X.520 allows common names of 64. */
const MAX_CHARACTERS = 200;

/** Its common name; the whole subject where it has none or several; without a subject the fingerprint. */
export function clientNameOf({ subject, fingerprint256 }: X509Certificate): string {
  const lines = (subject ?? '').split('\n').filter(Boolean);
  const names = lines.flatMap((line) => /^CN=(.+)$/.exec(line)?.[1] ?? []);
  const name = names.length === 1 ? names[0] : lines.join(', ');
  const visible = name.replace(/\p{C}/gu, '').slice(0, MAX_CHARACTERS);
  return visible === ''
    ? `certificate ${fingerprint256.replaceAll(':', '').toLowerCase()}`
    : visible;
}
