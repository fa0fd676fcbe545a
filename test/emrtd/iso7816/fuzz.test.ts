/** Damaged and invented answers of a chip. FUZZ_RUNS sets the runs of each property; 3,000 otherwise. */
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  authenticateBac,
  authenticatePace,
  canPassword,
  paceChoices,
} from '../../../emrtd/access/mod.ts';
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
import { Executions, testExecutions } from '../support/executions.ts';
import type { Transceiver } from '../../../emrtd/types.ts';
import { chip, type Exchange, fixedRandom, hex, scriptedChip } from './scripted-chip.ts';

const NAMES = [
  'AT-chip-authentication',
  'DE-chip-authentication',
  'icao-D3-bac',
  'icao-D4-read-com',
  'icao-G1-pace-ecdh-gm',
];
const PATHS = NAMES.map((name) => `emrtd/transcripts/${name}.json`);
const numRuns = Number(process.env.FUZZ_RUNS ?? 3000);
/** A recorded session that opens a chip. */
interface Transcript {
  password: { documentNumber: string; dateOfBirth: string; dateOfExpiry: string };
  cardAccess?: string;
  terminalRandom?: Record<string, string>;
  terminalPrivateKeys: Record<string, string>;
  after: { ksEnc: string; ksMac: string };
  exchanges: Exchange[];
}

const TIMEOUT_MS = 4 * 3600_000;
const MAX_APDUS = 40;
const MAX_FILE_BYTES = 4096;
/** Beyond the limit of a file there is one answer, the longest being 64 KiB. */
const MAX_ARRAY = MAX_FILE_BYTES + 65_536;

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
    fc.array(answers, { minLength: 1, maxLength: 6 }).map((list) => () =>
      chip((_, count) => list[(count - 1) % list.length])
    );

  /** Chips that keep to a recorded session but for one damaged answer. */
  const strayingChips = (exchanges: readonly Exchange[]) => {
    const good = exchanges.map(({ response }) => hex(response));
    return fc.nat(good.length - 1).chain((at) =>
      mutated([good[at]]).map((damaged) => () =>
        chip((_, count) => count - 1 === at ? damaged : good[count - 1] ?? hex('6F00'))
      )
    );
  };

  const parts = new Map<string, Executions>();
  const part = (what: string): Executions => {
    const made = new Executions();
    parts.set(what, made);
    return made;
  };

  test('response APDUs', async () => {
    const { answers } = await load();
    const executions = part('response APDUs');
    await fc.assert(
      fc.property(answers, (bytes) => void executions.run(() => parseResponse(bytes))),
      { numRuns },
    );
  }, TIMEOUT_MS);

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
    const executions = part('secure messaging');
    await fc.assert(
      fc.property(fc.constantFrom(...states), answers, (state, bytes) => {
        executions.run(() => {
          const channel = new SecureChannel(state);
          channel.unwrap(parseResponse(bytes));
          expect(authentic).toContain(bytes.subarray(0, -2).toHex().toUpperCase());
        });
      }),
      { numRuns },
    );
  }, TIMEOUT_MS);

  test('files', async () => {
    const { answers } = await load();
    const limits = { maxApdus: MAX_APDUS, maxFileBytes: MAX_FILE_BYTES };
    const executions = part('files');
    await fc.assert(
      fc.asyncProperty(chips(answers), fc.boolean(), async (makeChip, sfi) => {
        const reads = [
          (session: Session) => readFile(session, dataGroupFile(1), sfi ? 'sfi' : 'select'),
          readAtrInfo,
          readDir,
        ];
        for (const read of reads) {
          await executions.runAsync(async () => {
            const transceiver = makeChip();
            try {
              await read(new Session({ transceiver, limits }));
            } finally {
              expect(transceiver.commands.length).toBeLessThanOrEqual(MAX_APDUS);
            }
          });
        }
      }),
      { numRuns },
    );
  }, TIMEOUT_MS);

  test('EF.ATR/INFO and EF.DIR', async () => {
    const { answers } = await load();
    const executions = part('EF.ATR/INFO and EF.DIR');
    await fc.assert(
      fc.property(answers, (bytes) => {
        expect(executions.run(() => parseAtrInfo(bytes))).toBe(true);
        expect(executions.run(() => parseDir(bytes))).toBe(true);
      }),
      { numRuns },
    );
  }, TIMEOUT_MS);

  test('BAC', async () => {
    const { answers } = await load();
    const password = mrzPassword({
      documentNumber: 'L898902C',
      dateOfBirth: '690806',
      dateOfExpiry: '940623',
    });
    const executions = part('BAC');
    await fc.assert(
      fc.asyncProperty(chips(answers), async (makeChip) => {
        const opened = await executions.runAsync(() => {
          const session = new Session({ transceiver: makeChip(), limits: { maxApdus: MAX_APDUS } });
          return authenticateBac(session, password, (length) => new Uint8Array(length));
        });
        expect(opened).toBe(false);
      }),
      { numRuns },
    );
  }, TIMEOUT_MS);

  test('PACE', async () => {
    const { transcripts, answers } = await load();
    const { cardAccess } = transcripts.find((transcript) => transcript.cardAccess !== undefined);
    const [choice] = paceChoices(parseSecurityInfos(hex(cardAccess)).data);
    const password = canPassword('123456');
    const random = (length: number): Uint8Array => new Uint8Array(length).fill(3);
    const executions = part('PACE');
    await fc.assert(
      fc.asyncProperty(chips(answers), async (makeChip) => {
        const opened = await executions.runAsync(() => {
          const session = new Session({ transceiver: makeChip(), limits: { maxApdus: MAX_APDUS } });
          return authenticatePace(session, { ...choice, password, random });
        });
        expect(opened).toBe(false);
      }),
      { numRuns: Math.ceil(numRuns / 5) },
    );
  }, TIMEOUT_MS);

  /** Opens the chip of a recorded session; gives the keys, if it came to that. */
  async function replay(transcript: Transcript, transceiver: Transceiver) {
    const session = new Session({ transceiver, limits: { maxApdus: MAX_APDUS } });
    const password = mrzPassword(transcript.password);
    const { cardAccess, terminalRandom, terminalPrivateKeys } = transcript;
    const values = Object.values<string>(terminalRandom ?? terminalPrivateKeys);
    if (cardAccess === undefined) {
      return (await authenticateBac(session, password, fixedRandom(...values))).snapshot();
    }
    const [choice] = paceChoices(parseSecurityInfos(hex(cardAccess)).data);
    const options = { ...choice, password, random: fixedRandom(...values) };
    return (await authenticatePace(session, options)).channel.snapshot();
  }

  test.each([['BAC', 'icao-D3-bac'], ['PACE', 'icao-G1-pace-ecdh-gm']])(
    '%s with one damaged answer: it opens with the right keys or not at all',
    async (protocol, name) => {
      const { transcripts } = await load();
      const transcript: Transcript = transcripts[NAMES.indexOf(name)];
      const { ksEnc, ksMac } = transcript.after;
      const keys = { kenc: hex(ksEnc), kmac: hex(ksMac) };
      expect(await replay(transcript, scriptedChip(transcript.exchanges))).toMatchObject(keys);
      const executions = part(`${protocol} with one damaged answer`);
      await fc.assert(
        fc.asyncProperty(strayingChips(transcript.exchanges), async (makeChip) => {
          await executions.runAsync(async () => {
            expect(await replay(transcript, makeChip())).toMatchObject(keys);
          });
        }),
        { numRuns: Math.ceil(numRuns / 20) },
      );
    },
    TIMEOUT_MS,
  );

  testExecutions(parts, MAX_ARRAY);
});
