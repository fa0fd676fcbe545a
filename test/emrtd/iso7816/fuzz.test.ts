/** Damaged and invented answers of a chip. FUZZ_RUNS sets the runs of each property; 3,000 otherwise. */
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  authenticateBac,
  authenticatePace,
  canPassword,
  paceChoices,
} from '../../../emrtd/access/mod.ts';
import { EmrtdError } from '../../../emrtd/errors.ts';
import {
  dataGroupFile,
  parseAtrInfo,
  parseDir,
  parseResponse,
  readAtrInfo,
  readDir,
  readFile,
  Session,
} from '../../../emrtd/iso7816/mod.ts';
import { parseSecurityInfos } from '../../../emrtd/lds/mod.ts';
import { mrzPassword } from '../../../emrtd/mod.ts';
import { SecureChannel } from '../../../emrtd/messaging/mod.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import { mutated } from '../asn1/corpus.ts';
import { chip, hex } from './scripted-chip.ts';

const NAMES = [
  'AT-chip-authentication',
  'DE-chip-authentication',
  'icao-D3-bac',
  'icao-D4-read-com',
  'icao-G1-pace-ecdh-gm',
];
const PATHS = NAMES.map((name) => `emrtd/transcripts/${name}.json`);
const numRuns = Number(process.env.FUZZ_RUNS ?? 3000);
const MAX_APDUS = 40;

/** Runs a body that may only end well or with an EmrtdError. */
async function typed(body: () => unknown): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof EmrtdError)) throw error;
  }
}

/** Real answers, damaged, and answers that nobody ever gave. */
function answersFrom(seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const word = fc.constantFrom(
    '9000',
    '6282',
    '61FF',
    '6100',
    '6C10',
    '6B00',
    '6700',
    '6988',
    '6A82',
  );
  const invented = fc.tuple(fc.uint8Array({ maxLength: 40 }), word).map(([data, sw]) =>
    Uint8Array.of(...data, ...hex(sw))
  );
  return fc.oneof(mutated(seeds), invented, fc.uint8Array({ maxLength: 30 }));
}

describeWithData('answers of a chip, damaged and invented', PATHS, () => {
  const load = async () => {
    const transcripts = await Promise.all(PATHS.map((path) => Bun.file(sharedPath(path)).json()));
    const seeds = transcripts.flatMap(({ exchanges }) =>
      exchanges.map(({ response }: { response: string }) => hex(response))
    );
    return { transcripts, answers: answersFrom(seeds) };
  };

  /** Chips that answer with a few of these in turn, over and over. */
  const chips = (answers: fc.Arbitrary<Uint8Array>) =>
    fc.array(answers, { minLength: 1, maxLength: 6 }).map((list) =>
      chip((_, count) => list[(count - 1) % list.length])
    );

  test('response APDUs', async () => {
    const { answers } = await load();
    await fc.assert(
      fc.asyncProperty(answers, (bytes) => typed(() => parseResponse(bytes))),
      { numRuns },
    );
  });

  test('protected answers: none that is not authentic is taken', async () => {
    const { transcripts, answers } = await load();
    const channels = transcripts.filter(({ before }) => before !== undefined);
    const states = channels.map(({ before }) => ({
      cipher: before.cipher,
      kenc: hex(before.ksEnc),
      kmac: hex(before.ksMac),
      ssc: BigInt(`0x${before.ssc}`) + 1n,
    }));
    // the status word outside is not authenticated and not used
    const authentic = new Set(channels.map(({ exchanges }) => exchanges[0].response.slice(0, -4)));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...states), answers, (state, bytes) =>
        typed(() => {
          const channel = new SecureChannel(state);
          channel.unwrap(parseResponse(bytes));
          expect(authentic).toContain(bytes.subarray(0, -2).toHex().toUpperCase());
        })),
      { numRuns },
    );
  });

  test('files', async () => {
    const { answers } = await load();
    const limits = { maxApdus: MAX_APDUS, maxFileBytes: 4096 };
    await fc.assert(
      fc.asyncProperty(chips(answers), fc.boolean(), async (transceiver, sfi) => {
        const open = () => new Session({ transceiver, limits });
        await typed(() => readFile(open(), dataGroupFile(1), sfi ? 'sfi' : 'select'));
        await typed(() => readAtrInfo(open()));
        await typed(() => readDir(open()));
        expect(transceiver.commands.length).toBeLessThanOrEqual(3 * MAX_APDUS);
      }),
      { numRuns },
    );
  });

  test('EF.ATR/INFO and EF.DIR', async () => {
    const { answers } = await load();
    await fc.assert(
      fc.property(answers, (bytes) => {
        parseAtrInfo(bytes);
        parseDir(bytes);
      }),
      { numRuns },
    );
  });

  test('BAC', async () => {
    const { answers } = await load();
    const password = mrzPassword({
      documentNumber: 'L898902C',
      dateOfBirth: '690806',
      dateOfExpiry: '940623',
    });
    await fc.assert(
      fc.asyncProperty(chips(answers), async (transceiver) => {
        const session = new Session({ transceiver, limits: { maxApdus: MAX_APDUS } });
        await typed(() => authenticateBac(session, password, (length) => new Uint8Array(length)));
        expect(session.channel).toBeUndefined();
      }),
      { numRuns },
    );
  });

  test('PACE', async () => {
    const { transcripts, answers } = await load();
    const { cardAccess } = transcripts.find((transcript) => transcript.cardAccess !== undefined);
    const [choice] = paceChoices(parseSecurityInfos(hex(cardAccess)).data);
    const password = canPassword('123456');
    const random = (length: number): Uint8Array => new Uint8Array(length).fill(3);
    await fc.assert(
      fc.asyncProperty(chips(answers), async (transceiver) => {
        const session = new Session({ transceiver, limits: { maxApdus: MAX_APDUS } });
        await typed(() => authenticatePace(session, { ...choice, password, random }));
        expect(session.channel).toBeUndefined();
      }),
      { numRuns: Math.ceil(numRuns / 5) },
    );
  });
});
