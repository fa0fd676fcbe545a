/**
 * Damaged and invented files against every LDS parser: a result or an EmrtdError, never anything else.
 * FUZZ_RUNS sets the runs of each property; 400 otherwise.
 */
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { tlv } from '../../../emrtd/asn1/mod.ts';
import {
  parseCom,
  parseDataGroups,
  parseLdsSecurityObject,
  parseMrz,
  parseSecurityInfos,
  parseSod,
} from '../../../emrtd/lds/mod.ts';
import { parseSignedData } from '../../../emrtd/pki/cms.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import { Executions, testExecutions } from '../support/executions.ts';

const numRuns = Number(process.env.FUZZ_RUNS ?? 400);
/** Nothing is copied but what is in the input, and photos are not decoded. */
const MAX_ARRAY = 65_536;
const executions = new Executions();
const survives = (parse: () => unknown): boolean => executions.run(parse);

/** Every parser of single files, by the name used in failures. */
function all(bytes: Uint8Array): void {
  for (let group = 1; group <= 16; group++) {
    survives(() => parseDataGroups(new Map([[group, bytes]])));
  }
  survives(() => parseCom(bytes));
  survives(() => parseSod(bytes));
  survives(() => parseSecurityInfos(bytes));
  survives(() => parseLdsSecurityObject(bytes));
}

const edits = fc.array(
  fc.record({
    kind: fc.constantFrom('change', 'flip', 'insert', 'remove', 'cut', 'repeat', 'length'),
    where: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    value: fc.integer({ min: 0, max: 255 }),
  }),
  { minLength: 1, maxLength: 4 },
);

/** The seed with its bytes changed; places near the start, where the structure is, are favoured. */
function damaged(
  seed: Uint8Array,
  list: { kind: string; where: number; value: number }[],
): Uint8Array {
  let bytes = seed;
  for (const { kind, where, value } of list) {
    const reach = value % 2 === 0 ? Math.min(200, bytes.length) : bytes.length;
    const at = Math.floor(where * reach);
    const before = bytes.slice(0, at);
    const after = bytes.subarray(at);
    if (kind === 'cut') bytes = before;
    else if (kind === 'insert') bytes = join(before, Uint8Array.of(value), after);
    else if (kind === 'remove') bytes = join(before, after.subarray(1 + (value & 7)));
    else if (kind === 'repeat') bytes = join(before, after.subarray(0, value), after);
    else if (kind === 'length') {
      bytes = join(before, Uint8Array.of(0x84, 0xff, 0xff, 0xff, 0xff), after);
    } else {
      bytes = bytes.slice();
      if (bytes.length > 0) bytes[at] = kind === 'change' ? value : bytes[at] ^ (1 << (value & 7));
    }
  }
  return bytes;
}

function join(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

test('any bytes give a result or a typed error', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 120 }), all), { numRuns });
}, 600_000);

test('any elements under the right tag give a result or a typed error', () => {
  const tags = fc.constantFrom(
    0x02,
    0x04,
    0x06,
    0x30,
    0x31,
    0x5c,
    0x80,
    0x87,
    0xa0,
    0xa1,
    0x5f01,
    0x5f0e,
    0x5f0f,
    0x5f1a,
    0x5f1f,
    0x5f26,
    0x5f2b,
    0x5f2e,
    0x5f43,
    0x5f50,
    0x7f2e,
    0x7f60,
    0x7f61,
    0x65,
  );
  const { element } = fc.letrec<{ element: Uint8Array }>((tie) => ({
    element: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.tuple(tags, fc.uint8Array({ maxLength: 20 })).map(([tag, value]) => tlv(tag, value)),
      fc.tuple(tags, fc.array(tie('element'), { maxLength: 4 }))
        .map(([tag, parts]) => tlv(tag, ...parts)),
    ),
  }));
  const outer = fc.constantFrom(
    0x60,
    0x61,
    0x75,
    0x63,
    0x76,
    0x65,
    0x67,
    0x6b,
    0x6c,
    0x6d,
    0x6e,
    0x6f,
    0x70,
    0x77,
    0x31,
    0x30,
  );
  fc.assert(
    fc.property(outer, fc.array(element, { maxLength: 6 }), (tag, parts) => {
      all(tlv(tag, ...parts));
    }),
    { numRuns },
  );
}, 600_000);

test('any text of the right length is a zone', () => {
  const zone = fc.constantFrom(90, 72, 88).chain((length) =>
    fc.array(fc.constantFrom(...'ABC019<<<x é'), { minLength: length, maxLength: length })
      .map((characters) => characters.join(''))
  );
  fc.assert(
    fc.property(zone, (text) => {
      expect(parseMrz(text)?.checks.length).toBeGreaterThanOrEqual(4);
    }),
    { numRuns },
  );
}, 600_000);

describeWithData('damaged files of documents', ['emrtd/bsi-tr03105', 'emrtd/dg'], () => {
  const SEEDS: [number, string][] = [
    [1, 'bsi-tr03105/DG1'],
    [2, 'bsi-tr03105/DG2'],
    [2, 'dg/dg2-39794-5-minimal'],
    [3, 'bsi-tr03105/DG3'],
    [5, 'dg/dg5-sample'],
    [7, 'dg/dg7-sample'],
    [11, 'dg/dg11-sample'],
    [12, 'dg/dg12-sample'],
    [14, 'dg/dg14-AT'],
    [14, 'dg/dg14-DE'],
    [14, 'bsi-tr03105/DG14'],
    [15, 'bsi-tr03105/DG15'],
  ];

  for (const [group, path] of SEEDS) {
    test(path, async () => {
      const seed = await Bun.file(sharedPath(`emrtd/${path}.bin`)).bytes();
      // the positive control: undamaged, the file is read
      expect(parseDataGroups(new Map([[group, seed]])).groups).toHaveProperty(`dg${group}`);
      fc.assert(
        fc.property(edits, (list) => {
          const bytes = damaged(seed, list);
          expect(survives(() => parseDataGroups(new Map([[group, bytes]])))).toBe(true);
        }),
        { numRuns },
      );
    }, 600_000);
  }

  test('EF.COM, EF.SOD, LDSSecurityObject, EF.CardAccess', async () => {
    const file = (path: string) => Bun.file(sharedPath(`emrtd/${path}.bin`)).bytes();
    const com = await file('bsi-tr03105/COM');
    const sod = await file('sod/US');
    const object = parseSignedData(parseSod(await file('sod/DE')).data.contentInfo).content;
    const infos = (await file('dg/dg14-DE')).subarray(4);
    fc.assert(
      fc.property(edits, (list) => {
        survives(() => parseCom(damaged(com, list)));
        survives(() => parseSod(damaged(sod, list)));
        survives(() => parseLdsSecurityObject(damaged(object ?? sod, list)));
        survives(() => parseSecurityInfos(damaged(infos, list)));
      }),
      { numRuns },
    );
  }, 600_000);

  testExecutions(new Map([['data groups and SecurityInfos', executions]]), MAX_ARRAY);
});
