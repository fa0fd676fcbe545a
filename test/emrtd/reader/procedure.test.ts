import { describe, expect, test } from 'bun:test';
import { canPassword } from '../../../emrtd/access/mod.ts';
import { parseCommand } from '../../../emrtd/iso7816/mod.ts';
import type { Transceiver } from '../../../emrtd/types.ts';
import { chipOf, documentOf, failedChecks, readingOf } from './support.ts';

const CA = { chipAuthentication: [{ parameterId: 13, cipher: 'AES-128' }] } as const;
const AA = {
  activeAuthentication: { kind: 'ecdsa', curve: 'brainpoolP256r1', hash: 'SHA-256' },
} as const;
const PACE = { pace: [{ mapping: 'GM', parameterId: 13, cipher: 'AES-128' }] } as const;
const CAM = { pace: [{ mapping: 'CAM', parameterId: 13, cipher: 'AES-128' }] } as const;

describe('the procedure', () => {
  test('goes in the order of DocVal, with every step begun and finished', async () => {
    const groups = new Map([7, 11, 12].map((group) => [group, optional(group)]));
    const { result, events, steps } = await readingOf(
      documentOf({ ...CA, ...AA, ...PACE, groups, extendedLength: 1024 }),
      { extendedLength: true },
    );
    expect(steps).toEqual([
      'READ_ATR_INFO',
      'ACCESS_CONTROL',
      'READ_COM',
      'READ_SOD',
      'READ_DG14',
      'CHIP_AUTHENTICATION',
      'READ_DG15',
      'ACTIVE_AUTHENTICATION',
      'READ_DG1',
      'READ_DG2',
      'READ_DG7',
      'READ_DG11',
      'READ_DG12',
      'PASSIVE_AUTHENTICATION',
      'DONE',
    ]);
    const started = events.flatMap((event) => event.type === 'started' ? [event.step] : []);
    expect(started).toEqual(steps as typeof started);
    expect(result.chipAuthentication.outcome).toBe('success');
    expect(result.activeAuthentication.outcome).toBe('success');
    expect(result.passiveAuthentication.authentic).toBe(true);
    expect(result.complete).toBe(true);
    expect(failedChecks(result)).toEqual([]);
  });

  test('does not ask for EF.ATR/INFO when the lengths are given or short', async () => {
    const document = documentOf({ extendedLength: 1024 });
    const given = { extendedLength: true, maxCommandBytes: 1024, maxResponseBytes: 1024 };
    for (const options of [given, {}]) {
      const { steps, result } = await readingOf(document, options);
      expect(steps[0]).toBe('ACCESS_CONTROL');
      expect(result.passiveAuthentication.authentic).toBe(true);
    }
  });

  test('reads fewer, longer blocks with extended length', async () => {
    const document = documentOf({ extendedLength: 1024 });
    const short = (await readingOf(document)).result.statistics.apdus;
    const long = (await readingOf(document, { extendedLength: true })).result.statistics.apdus;
    expect(long).toBeLessThan(short);
  });

  test('reads by short file identifier when told to', async () => {
    const { result } = await readingOf(documentOf(), { fileAccess: 'sfi' });
    expect(result.passiveAuthentication.authentic).toBe(true);
  });

  test('leaves out images, or reads only the groups asked for; never DG3 and DG4', async () => {
    const groups = new Map([3, 4, 7, 11, 13].map((group) => [group, optional(group)]));
    const document = documentOf({ groups });
    const stepsOf = async (options: Parameters<typeof readingOf>[1]) =>
      (await readingOf(document, options)).steps.filter((step) => step.startsWith('READ_DG'));
    expect(await stepsOf({ skipImages: true })).toEqual(['READ_DG1', 'READ_DG11']);
    expect(await stepsOf({ groups: [13, 1, 1] })).toEqual(['READ_DG1', 'READ_DG13']);
    expect(await stepsOf({ groups: [1, 3, 4] })).toEqual(['READ_DG1']);
    expect(await stepsOf({ groups: [] })).toEqual([]);
  });
});

describe('access', () => {
  test('PACE before BAC, and the report says what was used', async () => {
    const { result } = await readingOf(documentOf({ ...PACE, bac: true }));
    expect(result.access).toMatchObject({
      protocol: 'PACE',
      domainName: 'brainpoolP256r1',
      info: { mapping: 'GM', cipher: 'AES-128' },
    });
    expect(result.checks[0]).toEqual({
      check: 'access',
      status: 'passed',
      reason: 'PACE GM AES-128 brainpoolP256r1',
    });
  });

  test('BAC without PACE; BAC when PACE is refused, with a finding', async () => {
    expect((await readingOf(documentOf())).result.access).toEqual({ protocol: 'BAC' });
    const { result } = await readingOf(documentOf(PACE), {}, { faults: ['pace-refused'] });
    expect(result.access).toEqual({ protocol: 'BAC' });
    expect(result.findings).toContainEqual(
      expect.objectContaining({ file: 'EF.CardAccess', code: 'fallback' }),
    );
  });

  test('a document that has PACE and CAN only', async () => {
    const document = documentOf({ ...PACE, bac: false, can: '123456' });
    const { result } = await readingOf(document, { password: canPassword('123456') });
    expect(result.passiveAuthentication.authentic).toBe(true);
  });

  test('an open document is read, and the check says that it is open', async () => {
    const { result } = await readingOf(documentOf({ bac: false }));
    expect(result.access).toEqual({ protocol: 'none' });
    expect(failedChecks(result)).toEqual(['access']);
  });

  test('the application is selected once', async () => {
    for (const document of [documentOf(), documentOf(PACE)]) {
      const chip = chipOf(document);
      let selections = 0;
      const transceiver: Transceiver = {
        transceive: (command) => {
          const { ins, p1 } = parseCommand(command);
          if (ins === 0xa4 && p1 === 0x04) selections++;
          return chip.transceive(command);
        },
      };
      await readingOf(document, { transceiver });
      expect(selections).toBe(1);
    }
  });
});

describe('an EF.CardAccess that is broken', () => {
  /** The chip behind a line that gives zeros for what can be read without a key. */
  function withZeros(chip: Transceiver): Transceiver {
    return {
      transceive: async (command) => {
        const { cla, ins, p1, le = 0 } = parseCommand(command);
        if (cla === 0x00 && ins === 0xa4 && p1 === 0x02) return Uint8Array.of(0x90, 0x00);
        if (cla === 0x00 && ins === 0xb0) return new Uint8Array([...new Uint8Array(le), 0x90, 0]);
        return await chip.transceive(command);
      },
    };
  }

  test('leaves BAC', async () => {
    const document = documentOf();
    const { result } = await readingOf(document, { transceiver: withZeros(chipOf(document)) });
    expect(result.access.protocol).toBe('BAC');
    expect(result.passiveAuthentication.authentic).toBe(true);
    expect(result.findings.map(({ file, code }) => `${file} ${code}`)).toEqual([
      'EF.CardAccess fallback',
    ]);
  });

  test('is told apart from DG14 where it hid PACE', async () => {
    const document = documentOf(PACE);
    const { result } = await readingOf(document, { transceiver: withZeros(chipOf(document)) });
    expect(result.access.protocol).toBe('BAC');
    expect(result.findings.map(({ file, code }) => `${file} ${code}`)).toEqual([
      'EF.CardAccess fallback',
      'EF.CardAccess unconfirmed',
    ]);
  });
});

describe('proof by chip authentication mapping', () => {
  test('succeeds, and needs a trusted signer of EF.CardSecurity', async () => {
    const good = await readingOf(documentOf(CAM));
    expect(good.result.chipAuthenticationMapping.outcome).toBe('success');
    expect(good.result.files.cardSecurity?.length).toBeGreaterThan(100);
    const { TrustStore } = await import('../../../emrtd/mod.ts');
    const bad = await readingOf(documentOf(CAM), { trust: TrustStore.empty });
    expect(bad.result.chipAuthenticationMapping.outcome).toBe('failed');
    expect(failedChecks(bad.result)).toContain('chip-authentication-mapping.chain');
  });

  test.each(['pace-cam-mismatch', 'pace-cam-missing'] as const)('%s fails it', async (fault) => {
    const { result } = await readingOf(documentOf(CAM), {}, { faults: [fault] });
    expect(result.chipAuthenticationMapping.outcome).toBe('failed');
    expect(failedChecks(result)).toEqual(['chip-authentication-mapping.link']);
    expect(result.passiveAuthentication.authentic).toBe(true);
  });

  test('is unavailable with another mapping', async () => {
    const { result } = await readingOf(documentOf(PACE));
    expect(result.chipAuthenticationMapping.outcome).toBe('unavailable');
  });
});

/** An optional group with an empty tag list, or opaque contents. */
function optional(group: number): Uint8Array {
  const tags: Record<number, number[]> = {
    3: [0x63, 0x03, 0x02, 0x01, 0x00],
    4: [0x76, 0x03, 0x02, 0x01, 0x00],
    7: [0x67, 0x03, 0x02, 0x01, 0x00],
    11: [0x6b, 0x02, 0x5c, 0x00],
    12: [0x6c, 0x02, 0x5c, 0x00],
    13: [0x6d, 0x03, 0x01, 0x02, 0x03],
  };
  return Uint8Array.from(tags[group]);
}
