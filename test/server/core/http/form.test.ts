import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { readForm } from '../../../../server/core/http/form.ts';
import { ServerError } from '../../../../server/core/errors.ts';

const TYPE = 'multipart/form-data; boundary=XX';
const encode = (text: string) => new TextEncoder().encode(text);
const part = (disposition: string, body: string) =>
  `--XX\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${body}\r\n`;

async function refusal(body: string | Uint8Array, type = TYPE, maxParts = 4): Promise<string> {
  const bytes = typeof body === 'string' ? encode(body) : body;
  const error = await readForm(bytes, type, maxParts).then(() => undefined, (thrown) => thrown);
  if (!(error instanceof ServerError)) return `no typed error: ${error}`;
  return `${error.code} ${error.message}`;
}

describe('a form', () => {
  test('gives its parts by name, texts and files', async () => {
    const body = part('name="a"', 'text ü') + part('name="file"; filename="x"', '\0\r\nbytes') +
      '--XX--\r\n';
    const form = await readForm(encode(body), TYPE, 2);
    expect([...form.keys()]).toEqual(['a', 'file']);
    expect(new TextDecoder().decode(form.get('a')!.bytes)).toBe('text ü');
    expect(form.get('a')!.isFile).toBe(false);
    expect(form.get('file')).toEqual({ bytes: encode('\0\r\nbytes'), isFile: true });
  });

  test('of other or no type is refused', async () => {
    const wrong = 'FORM_INVALID Content-Type is not multipart/form-data';
    for (const type of ['', 'text/plain', 'multipart/form-data', 'multipart/mixed; boundary=XX']) {
      expect(await refusal('--XX--\r\n', type)).toBe(wrong);
    }
  });

  test('of 10,000 parts is refused before any is read', async () => {
    const body = part('name="a"', 'x').repeat(10_000) + '--XX--\r\n';
    expect(await refusal(body)).toBe('FORM_INVALID form: too many parts');
  });

  test('with a name twice is refused', async () => {
    const body = part('name="a"', '1') + part('name="a"', '2') + '--XX--\r\n';
    expect(await refusal(body)).toBe('FORM_INVALID form: a part comes twice');
  });

  test('that breaks off, or is none, is refused', async () => {
    for (const body of ['', 'hello', '--XX', '--XX\r\n', part('name="a"', 'x').slice(0, 30)]) {
      expect(await refusal(body)).toBe('FORM_INVALID form: cannot be read');
    }
  });

  test('with a form inside a part is one part', async () => {
    const inner = '--YY\r\nContent-Disposition: form-data; name="b"\r\n\r\nx\r\n--YY--';
    const form = await readForm(encode(part('name="a"', inner) + '--XX--\r\n'), TYPE, 1);
    expect([...form.keys()]).toEqual(['a']);
  });

  test('of any bytes gives parts or a typed error', async () => {
    const piece = fc.oneof(
      fc.constantFrom('--XX', '\r\n', '--', 'Content-Disposition: form-data; name="a"', '\r\n\r\n'),
      fc.string({ maxLength: 20 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async (pieces) => {
        try {
          await readForm(encode(pieces.join('')), TYPE, 4);
        } catch (error) {
          expect(error).toBeInstanceOf(ServerError);
        }
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 500) },
    );
  });
});
