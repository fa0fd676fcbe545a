/** An administrator at the console: logs in once, then looks at its views. */
import { oneTimePassword, stepOf } from '../../server/core/access/totp.ts';
import type { Installation } from './installation.ts';
import type { RequestKind } from './requests.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function fromBase32(text: string): Uint8Array {
  const bits = [...text].map((c) => BASE32.indexOf(c).toString(2).padStart(5, '0')).join('');
  return new Uint8Array((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

async function logIn(url: string, { admin, headers }: Installation): Promise<Response> {
  const { name, password, totpSecret } = admin;
  const code = oneTimePassword(fromBase32(totpSecret), stepOf(Date.now()));
  return await fetch(new URL('/console/api/login', url), {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name, password, code }),
  });
}

/** Requests of one administrator; the first one logs in. */
export function administrator(): RequestKind {
  let cookie: Promise<string> | undefined;
  return {
    name: 'console',
    async send({ url, installation, signal }) {
      cookie ??= logIn(url, installation)
        .then((answer) => answer.headers.get('set-cookie')?.split(';')[0] ?? '');
      const answer = await fetch(new URL('/console/api/audit', url), {
        headers: { Cookie: await cookie },
        signal,
      });
      await answer.arrayBuffer();
      return { said: String(answer.status) };
    },
  };
}
