import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type Form, readForm } from '../../../../server/core/http/form.ts';
import { ServerError } from '../../../../server/core/errors.ts';

const TYPE = 'multipart/form-data; boundary=XX';
const encode = (text: string) => new TextEncoder().encode(text);
const part = (disposition: string, body: string) =>
  `--XX\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${body}\r\n`;
const END = '--XX--\r\n';

function read(body: string | Uint8Array, type = TYPE, maxParts = 4): Form {
  return readForm(typeof body === 'string' ? encode(body) : body, type, maxParts);
}

function refusal(body: string | Uint8Array, type = TYPE, maxParts = 4): string {
  try {
    return `${read(body, type, maxParts).size} parts`;
  } catch (error) {
    if (!(error instanceof ServerError) || error.code !== 'FORM_INVALID') throw error;
    return error.message;
  }
}

describe('a form', () => {
  test('gives its parts by name, texts and files', () => {
    const body = part('name="a"', 'text ü') + part('name="file"; filename="x"', '\0\r\nbytes') +
      END;
    const form = read(body, TYPE, 2);
    expect([...form.keys()]).toEqual(['a', 'file']);
    expect(new TextDecoder().decode(form.get('a')!.bytes)).toBe('text ü');
    expect(form.get('a')!.isFile).toBe(false);
    expect(form.get('file')).toEqual({ bytes: encode('\0\r\nbytes'), isFile: true });
  });

  test('is read as the libraries of other makers write it', () => {
    const names = (body: string, type = TYPE) =>
      [...read(body, type)].map(([name, { isFile }]) => `${name} ${isFile}`);
    // names without quotes, a boundary with them
    const net = part("name=file; filename=a.jpg; filename*=utf-8''a.jpg", 'x') + END;
    expect(names(net, 'multipart/form-data; boundary="XX"')).toEqual(['file true']);
    // boundaries that RFC 2046 does not allow, as examples for Android and generators of names have them
    for (const boundary of ['*****', '{1f-22}', '__X@1!#$%&~^`|<>[]']) {
      const own = part('name="a"', '1').replace('XX', boundary) + `--${boundary}--`;
      expect(names(own, `multipart/form-data;boundary=${boundary}`)).toEqual(['a false']);
    }
    // headers of parts beside the one that counts, in any case and order
    const java = '--XX\r\ncontent-type: text/plain; charset=UTF-8\r\nContent-Length: 1\r\n' +
      'content-disposition: form-data; name="a"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n1\r\n';
    expect(names(java + END)).toEqual(['a false']);
    // text before and behind, spaces behind delimiters, no last line break
    expect(names(`to be ignored\r\n${part('name="a"', '1')}--XX-- \t\r\nmore --XX`))
      .toEqual(['a false']);
    expect(names(part('name="a"', '1').replace('--XX', '--XX \t') + '--XX--')).toEqual(['a false']);
    expect(names(END)).toEqual([]);
  });

  test('of other or no type, or with an unclear boundary, is refused', () => {
    for (
      const type of [
        '',
        'text/plain',
        'multipart/form-data',
        'multipart/mixed; boundary=XX',
        'multipart/form-data; boundary=',
        'multipart/form-data; boundary=""',
        `multipart/form-data; boundary=${'X'.repeat(71)}`,
        'multipart/form-data; boundary="X "',
        'multipart/form-data; boundary="X\\"X"',
        'multipart/form-data; boundary=ÄX',
        'multipart/form-data; boundary=XX; boundary=XX',
        'multipart/form-data; boundary=XX; Boundary=YY',
        'multipart/form-data; boundary=XX, multipart/form-data; boundary=YY',
      ]
    ) {
      expect([type, refusal(END, type)]).toEqual([
        type,
        'Content-Type is not multipart/form-data with a boundary',
      ]);
    }
  });

  test('has one boundary only: that of the parameter of this name', () => {
    const body = Array.from({ length: 10_000 }, (_, i) => part(`name="n${i}"`, 'x')).join('') + END;
    for (
      const type of [
        'multipart/form-data; notboundary=YY; boundary=XX',
        'multipart/form-data; a="boundary=YY"; boundary=XX',
      ]
    ) expect(refusal(body, type)).toBe('form: too many parts');
  });

  test('of too many parts is refused without a look at those beyond', () => {
    const four = [1, 2, 3, 4].map((n) => part(`name="${n}"`, 'x')).join('');
    expect(refusal(four + END)).toBe('4 parts');
    expect(refusal(`${four}--XX\r\nnothing of a header`)).toBe('form: too many parts');
  });

  test('with a name twice is refused', () => {
    const body = part('name="a"', '1') + part('name="a"', '2') + END;
    expect(refusal(body)).toBe('form: a part comes twice');
  });

  test.each([
    ['', 'form: it does not begin'],
    ['hello', 'form: it does not begin'],
    ['text --XX\r\n', 'form: it does not begin'],
    ['--XX', 'form: a delimiter does not end'],
    ['--XX-', 'form: a delimiter does not end'],
    ['--XXside\r\n', 'form: a delimiter does not end'],
    [`--XX\n${part('name="a"', '1')}`, 'form: a delimiter does not end'],
    ['--XX\r\n', 'form: headers of a part do not end'],
    [part('name="a"', '1').slice(0, 30), 'form: headers of a part do not end'],
    [`--XX\r\nX: ${'y'.repeat(1e6)}\r\n\r\n`, 'form: headers of a part do not end'],
    ['--XX\r\nno header\r\n\r\n1\r\n--XX--', 'form: a header of a part is malformed'],
    ['--XX\r\n\r\n\r\n1\r\n--XX--', 'form: a header of a part is malformed'],
    ['--XX\r\nX: y\r\n folded\r\n\r\n1\r\n--XX--', 'form: a header of a part is malformed'],
    ['--XX\r\nX: y\r\n\r\n1\r\n--XX--', 'form: a part has no name'],
    [
      '--XX\r\nContent-Disposition: attachment; name="a"\r\n\r\n1\r\n--XX--',
      'form: a part has no name',
    ],
    [part('filename="a"', '1') + END, 'form: a part has no name'],
    [part('name=""', '1') + END, 'form: a part has no name'],
    [part('name="a\0b"', '1') + END, 'form: a part has no name'],
    [part('name="a\nb"', '1') + END, 'form: a header of a part is malformed'],
    [part('name="a"; name="b"', '1') + END, 'form: a part has no name'],
    [
      part('name="a"\r\nContent-Disposition: form-data; name="b"', '1') + END,
      'form: a part is described twice',
    ],
    [part('name="a"', 'x'), 'form: a part does not end'],
    [`${part('name="a"', 'x')}--XX\r\n`, 'form: headers of a part do not end'],
    [part('name="a"', 'x').replaceAll('\r\n', '\n') + END, 'form: a delimiter does not end'],
  ])('that is malformed is refused: %j', (body, message) => {
    expect(refusal(body)).toBe(message);
  });

  test('with a form inside a part is one part', () => {
    const inner = '--YY\r\nContent-Disposition: form-data; name="b"\r\n\r\nx\r\n--YY--';
    const form = read(part('name="a"', inner) + END, TYPE, 1);
    expect([...form.keys()]).toEqual(['a']);
    expect(new TextDecoder().decode(form.get('a')!.bytes)).toBe(inner);
  });
});

describe('forms by chance', () => {
  const runs = { numRuns: Number(process.env.FUZZ_RUNS ?? 500) };
  const name = fc.string({ unit: fc.constantFrom(...'abc ._-;=üß'), minLength: 1, maxLength: 8 });
  const fields = fc.dictionary(name, fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.boolean()), {
    maxKeys: 4,
  });

  async function written(content: Record<string, [Uint8Array, boolean]>) {
    const form = new FormData();
    for (const [key, [bytes, isFile]] of Object.entries(content)) {
      const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
      if (isFile) form.set(key, blob, 'ü".jpg');
      else form.set(key, bytes.toHex());
    }
    const response = new Response(form);
    const type = response.headers.get('content-type')!;
    return { type, body: new Uint8Array(await response.arrayBuffer()) };
  }

  test('come back as a browser sends them', async () => {
    await fc.assert(
      fc.asyncProperty(fields, async (content) => {
        const { type, body } = await written(content);
        const expected = Object.entries(content).map(([key, [bytes, isFile]]) =>
          [key, { bytes: isFile ? bytes : encode(bytes.toHex()), isFile }] as const
        );
        expect([...read(body, type)]).toEqual(expected.map(([key, value]) => [key, value]));
      }),
      runs,
    );
  });

  /** Text that matters to a reader, to be put somewhere, and where to cut out or repeat something. */
  const piece = fc.constantFrom(
    ...['\r\n', '\r', '\n', '--', '\0', '"', ';', ':', '\\', ' ', 'ÿ', '\r\n\r\n'],
    ...['name="a"', 'filename=', 'Content-Disposition: form-data; name="a"\r\n', 'boundary'],
  );
  const at = fc.double({ min: 0, max: 1, noNaN: true });
  const change = fc.oneof(
    fc.record({ at, insert: piece }),
    fc.record({ at, insert: fc.string({ unit: 'binary', maxLength: 4 }) }),
    fc.record({ at, remove: fc.nat(40) }),
    fc.record({ at, repeat: fc.nat(200) }),
  );

  function changed(
    text: string,
    changes: readonly (typeof change extends fc.Arbitrary<infer T> ? T : never)[],
  ) {
    return changes.reduce((now, { at, ...how }) => {
      const place = Math.floor(at * now.length);
      const [before, after] = [now.slice(0, place), now.slice(place)];
      if ('insert' in how) return before + how.insert + after;
      if ('remove' in how) return before + after.slice(how.remove);
      return before + after.slice(0, how.repeat) + after;
    }, text);
  }

  test('and then changed are forms within the limits, or refused in words of our own', async () => {
    const few = fc.array(change, { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fields, few, few, fc.boolean(), async (content, forBody, forType, both) => {
        const { type, body } = await written(content);
        const sent = Buffer.from(changed(Buffer.from(body).toString('latin1'), forBody), 'latin1');
        try {
          const form = read(sent, both ? changed(type, forType) : type, 3);
          const held = [...form.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
          expect(form.size).toBeLessThanOrEqual(3);
          expect(held).toBeLessThanOrEqual(sent.length);
        } catch (error) {
          if (!(error instanceof ServerError)) throw error;
          expect(error.code).toBe('FORM_INVALID');
          expect(error.message).toMatch(
            /^(?:form: [a-z ]+|Content-Type is not multipart\/form-data with a boundary)$/,
          );
        }
      }),
      runs,
    );
  });
});
