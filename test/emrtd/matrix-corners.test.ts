/** What the axes of the matrix leave out: other passwords, explicit parameters, several offers, odd keys. */
import { describe, expect, test } from 'bun:test';
import { canPassword, mrzPassword, pinPassword, pukPassword } from '../../emrtd/access/mod.ts';
import { type ChipDescription, seededRandom, seededRsaKey } from '../../emrtd/chip/mod.ts';
import { EmrtdError } from '../../emrtd/errors.ts';
import type { DocumentResult, ReadOptions } from '../../emrtd/reader/mod.ts';
import { ERIKSSON, PHOTO, specimen } from './chip/support.ts';
import { readSpecimen } from './matrix/read-cell.ts';

function read(
  changes: Partial<ChipDescription>,
  options: Partial<ReadOptions> = {},
): Promise<DocumentResult> {
  return readSpecimen(specimen(changes), {}, options);
}

/** Everything that failed or was noted. */
function problems({ checks, findings }: DocumentResult): string[] {
  return [
    ...checks.filter(({ status }) => status === 'failed').map(({ check }) => check),
    ...findings.map(({ file, code }) => `${file} ${code}`),
  ];
}

async function errorOf(reading: Promise<unknown>): Promise<EmrtdError> {
  try {
    await reading;
  } catch (error) {
    if (error instanceof EmrtdError) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('passwords', () => {
  const pace = [{ mapping: 'GM', parameterId: 12, cipher: 'AES-256' }] as const;

  test('PIN and PUK', async () => {
    const description = { pace, bac: false, pin: '123456', puk: '8765432109' };
    for (const password of [pinPassword('123456'), pukPassword('8765432109')]) {
      const result = await read(description, { password });
      expect(result.access.protocol).toBe('PACE');
      expect(problems(result)).toEqual([]);
    }
  });

  test('a wrong CAN, and a CAN that the document does not have', async () => {
    const wrong = await errorOf(read({ pace, can: '111111' }, { password: canPassword('222222') }));
    expect([wrong.code, wrong.step]).toEqual(['ACCESS_DENIED', 'PACE 4']);
    const none = await errorOf(read({ pace }, { password: canPassword('222222') }));
    expect(none.code).toBe('ACCESS_UNSUPPORTED');
    const bacOnly = await errorOf(read({}, { password: canPassword('222222') }));
    expect(bacOnly.code).toBe('ACCESS_UNSUPPORTED');
  });

  test('a wrong zone is denied by BAC and by PACE', async () => {
    const holder = { ...ERIKSSON, dateOfBirth: '740813' };
    const password = mrzPassword(holder);
    for (const changes of [{}, { pace }]) {
      expect((await errorOf(read(changes, { password }))).code).toBe('ACCESS_DENIED');
    }
  });
});

describe('domain parameters', () => {
  test('explicit ones that are a named curve or group are used', async () => {
    for (const parameterId of [0, 2, 8, 13, 17]) {
      for (const mapping of ['GM', 'IM'] as const) {
        const result = await read({
          bac: false,
          pace: [{ mapping, parameterId, cipher: 'AES-128', explicitId: 33 }],
        });
        expect(problems(result)).toEqual([]);
        expect(result.access).toMatchObject({ protocol: 'PACE', info: { parameterId: 33 } });
      }
    }
  });
});

describe('several offers', () => {
  test('of PACE: one of them is used, and all are confirmed by DG14', async () => {
    const result = await read({
      pace: [
        { mapping: 'GM', parameterId: 0, cipher: '3DES' },
        { mapping: 'GM', parameterId: 13, cipher: 'AES-128' },
        { mapping: 'IM', parameterId: 13, cipher: 'AES-128' },
        { mapping: 'CAM', parameterId: 13, cipher: 'AES-256' },
      ],
    });
    expect(problems(result)).toEqual([]);
    expect(result.access).toMatchObject({ protocol: 'PACE', info: { cipher: 'AES-256' } });
    expect(result.chipAuthenticationMapping.outcome).toBe('success');
  });

  test('of chip authentication keys, by their identifiers', async () => {
    const result = await read({
      chipAuthentication: [
        { parameterId: 0, cipher: '3DES', keyId: 1 },
        { parameterId: 16, cipher: 'AES-128', keyId: 255 },
        { parameterId: 13, cipher: 'AES-256', keyId: 70_000 },
      ],
    });
    expect(problems(result)).toEqual([]);
    expect(result.chipAuthentication.outcome).toBe('success');
  });

  test('an older document whose only key is for 3DES and not announced', async () => {
    const result = await read({
      chipAuthentication: [{ parameterId: 12, cipher: '3DES' }],
      faults: ['no-ca-info'],
    });
    expect(problems(result)).toEqual([]);
    expect(result.chipAuthentication.outcome).toBe('success');
  });
});

describe('active authentication', () => {
  test('ECDSA signatures in DER, as Portugal writes them', async () => {
    const result = await read({
      activeAuthentication: {
        kind: 'ecdsa',
        curve: 'brainpoolP256r1',
        hash: 'SHA-256',
        encoding: 'der',
      },
    });
    expect(problems(result)).toEqual([]);
    expect(result.activeAuthentication.outcome).toBe('success');
  });

  test('RSA signatures in the form min(s, n - s) of ISO/IEC 9796-2 B.4', async () => {
    for (const seed of ['one', 'two', 'three', 'four']) {
      const result = await read({
        seed,
        activeAuthentication: { kind: 'rsa', bits: 1024, hash: 'SHA-256', form: 'minimum' },
      });
      expect(result.activeAuthentication.outcome).toBe('success');
    }
  });

  test('long RSA keys over short APDUs and over extended ones', async () => {
    const key = seededRsaKey(4096, seededRandom('4096'));
    for (const length of [{}, { extendedLength: 2048 }]) {
      const result = await read({
        ...length,
        activeAuthentication: { kind: 'rsa', key, hash: 'SHA-512' },
      });
      expect(problems(result)).toEqual([]);
    }
  });
});

describe('files', () => {
  test('beyond 32 KiB', async () => {
    const photo = new Uint8Array(70_000).map((_, i) => (i * 31) & 0xff);
    photo.set(PHOTO.subarray(0, 4));
    for (const length of [{}, { extendedLength: 4000 }, { extendedLength: 65535 }]) {
      const result = await read({ photo, ...length });
      expect(problems(result)).toEqual([]);
      expect(result.groups.dg2?.images[0].bytes).toEqual(photo);
    }
  });

  test('by short identifier', async () => {
    const result = await read(
      { chipAuthentication: [{ parameterId: 13, cipher: 'AES-128' }] },
      { fileAccess: 'sfi' },
    );
    expect(problems(result)).toEqual([]);
    expect(result.complete).toBe(true);
  });

  test('an open chip without access control is read and called so', async () => {
    const result = await read({ bac: false });
    expect(result.access.protocol).toBe('none');
    expect(problems(result)).toEqual(['access']);
    expect(result.passiveAuthentication.authentic).toBe(true);
  });

  test('fingerprints are on the chip and stay there', async () => {
    const groups = new Map([[3, Uint8Array.of(0x63, 0x02, 0x01, 0x02)]]);
    const result = await read({ groups });
    expect(problems(result)).toEqual([]);
    expect(result.files.groups.has(3)).toBe(false);
    const asked = await read({ groups }, { groups: [1, 2, 3] });
    expect(asked.files.groups.has(3)).toBe(false);
  });

  test('a security object of version 1', async () => {
    const result = await read({ securityObjectVersion: 1 });
    expect(problems(result)).toEqual([]);
    expect(result.passiveAuthentication.securityObject?.version).toBe(1);
  });
});
