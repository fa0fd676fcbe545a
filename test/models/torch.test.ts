/** State dicts as torch.save writes them, and files that only claim to be one. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { readTensorPickle } from '../../models/convert/torch/pickle.ts';
import { readStateDict } from '../../models/convert/torch/state-dict.ts';
import { readStoredZip } from '../../models/convert/torch/zip.ts';
import { mutations, survives } from './support/mutations.ts';
import { expectRefusal } from './support/refusal.ts';
import { pickle, stateDictPickle, torchArchive, zip } from './support/torch-archive.ts';

const two = {
  'a.weight': { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] },
  'b.bias': { shape: [2], values: [9, 7, 8], offset: 1 },
};

describe('a state dict', () => {
  test('gives its float tensors by name, from their place in the storage', () => {
    const weights = readStateDict('net', torchArchive(two));
    expect([...weights.keys()]).toEqual(['a.weight', 'b.bias']);
    expect(weights.get('a.weight')!.shape).toEqual([2, 3]);
    expect([...weights.get('a.weight')!.values]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...weights.get('b.bias')!.values]).toEqual([7, 8]);
  });

  test('reads back what was written', () => {
    const tensor = fc.array(fc.nat(3), { maxLength: 3 }).chain((shape) => {
      const length = shape.reduce((a, b) => a * b, 1);
      return fc.array(fc.float({ noNaN: true }), { minLength: length, maxLength: length })
        .map((values) => ({ shape, values }));
    });
    const name = fc.stringMatching(/^[a-z.]{1,20}$/);
    fc.assert(fc.property(fc.dictionary(name, tensor, { maxKeys: 5 }), (tensors) => {
      const weights = readStateDict('net', torchArchive(tensors));
      expect(weights.size).toBe(Object.keys(tensors).length);
      for (const [key, { shape, values }] of Object.entries(tensors)) {
        expect(weights.get(key)!.shape).toEqual(shape);
        expect(weights.get(key)!.values).toEqual(Float32Array.from(values));
      }
    }));
  });

  const refusals: [string, Parameters<typeof torchArchive>[0], RegExp][] = [
    [
      'stored column by column',
      { t: { shape: [2, 2], values: [1, 2, 3, 4], strides: [1, 2] } },
      /row by row/,
    ],
    ['beyond its storage', { t: { shape: [2], values: [1, 2], offset: 1 } }, /beyond its storage/],
    ['claiming four billion numbers', {
      t: { shape: [2 ** 31 - 1, 2 ** 31 - 1], values: [1], claims: 2 ** 31 - 1 },
    }, /4 bytes for 2147483647 numbers/],
  ];
  for (const [what, tensors, message] of refusals) {
    test(`${what} is refused`, () =>
      expectRefusal(
        () => readStateDict('net', torchArchive(tensors)),
        'CONVERSION_UNSUPPORTED',
        message,
      ));
  }
});

describe('a pickle that would run code', () => {
  const run = (...body: number[][]) => () => readTensorPickle('net', pickle.whole(...body));
  const { call, global, tuple, text, int } = pickle;
  test('by calling a function is refused by its name', () =>
    expectRefusal(
      run(call(global('os', 'system'), tuple(text('id')))),
      'CONVERSION_UNSUPPORTED',
      /a call of "os system"/,
    ));
  test('by any other opcode is refused by its number', async () => {
    // NEWOBJ, BUILD, INST, OBJ, STACK_GLOBAL, EXT1
    for (const opcode of [0x81, 0x62, 0x69, 0x6f, 0x93, 0x82]) {
      await expectRefusal(
        run([0x7d], [opcode]),
        'CONVERSION_UNSUPPORTED',
        new RegExp(`opcode ${opcode}`),
      );
    }
  });
  test('is refused when it is no dictionary of tensors', async () => {
    for (
      const [body, message] of [
        [int(1), /not a dictionary/],
        [[0x7d, ...text('k'), ...int(1), 0x73], /not a tensor/],
        [[0x7d, ...text('k'), ...text('v'), 0x73, ...text('k'), ...text('v'), 0x73], /a key/],
        [[0x7d, ...int(1)], /left over/],
        [[0x68, 3], /nothing in memo 3/],
        [[0x85], /stack is empty/],
        [[0x74], /mark is missing/],
        [[0x58, 255, 255, 255, 255], /a text of 4294967295 bytes/],
        [[0x63, 0x61], /a name without end/],
      ] as const
    ) {
      await expectRefusal(run([...body]), 'CONVERSION_UNSUPPORTED', message);
    }
  });
  test('that never ends is refused', () =>
    expectRefusal(
      () => readTensorPickle('net', new Uint8Array(300_000).fill(0x28)),
      'CONVERSION_UNSUPPORTED',
      /stack grows/,
    ));
});

describe('an archive', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  test('gives its entries by name', () => {
    const entries = readStoredZip('net', zip([{ name: 'a', bytes }, { name: 'b/c', bytes }]));
    expect([...entries.keys()]).toEqual(['a', 'b/c']);
    expect(entries.get('b/c')).toEqual(bytes);
  });

  const damaged = zip([{ name: 'a', bytes }]);
  damaged[31] ^= 1;
  const renamed = zip([{ name: 'a', bytes }]);
  renamed[30] = 0x62;
  const refusals: [string, Uint8Array, RegExp][] = [
    ['compressed', zip([{ name: 'a', bytes, method: 8 }]), /a is compressed/],
    ['with an entry twice', zip([{ name: 'a', bytes }, { name: 'a', bytes }]), /occurs twice/],
    ['with damaged content', damaged, /a is damaged/],
    ['with two names for one entry', renamed, /another name in place/],
    ['with something behind its end', Uint8Array.of(...zip([]), 0), /not a ZIP/],
    ['that is empty', new Uint8Array(), /cut off/],
  ];
  for (const [what, file, message] of refusals) {
    test(`${what} is refused`, () =>
      expectRefusal(() => readStoredZip('net', file), 'CONVERSION_UNSUPPORTED', message));
  }
});

describe('mutated files are read or refused with a typed error', () => {
  test('archives', () =>
    survives(mutations(torchArchive(two)), (file) => readStateDict('net', file), 2000));
  test('pickles', () =>
    survives(mutations(stateDictPickle(two)), (file) => readTensorPickle('net', file), 3000));
  test('anything', async () => {
    const anything = fc.uint8Array({ maxLength: 300 });
    await survives(anything, (file) => readTensorPickle('net', file), 1000);
    await survives(anything, (file) => readStateDict('net', file), 1000);
  });
});
