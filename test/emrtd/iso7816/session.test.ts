import { describe, expect, test } from 'bun:test';
import { EmrtdError } from '../../../emrtd/errors.ts';
import { type Protection, Session } from '../../../emrtd/iso7816/mod.ts';
import type { Transceiver } from '../../../emrtd/types.ts';
import { chip, hex, toHex } from './scripted-chip.ts';

const READ = { cla: 0x00, ins: 0xb0, p1: 0x00, p2: 0x00, le: 16 };

function caught(promise: Promise<unknown>): Promise<EmrtdError> {
  return promise.then(() => {
    throw new Error('did not fail');
  }, (error) => error);
}

describe('answers in parts (61xx)', () => {
  test('are put together with GET RESPONSE', async () => {
    const answers = ['01026102', '03046100', '059000'];
    const transceiver = chip((_, count) => answers[count - 1]);
    const { data, sw } = await new Session({ transceiver }).send(READ);
    expect(toHex(data)).toBe('0102030405');
    expect(sw).toBe(0x9000);
    expect(transceiver.commands).toEqual(['00B0000010', '00C0000002', '00C0000000']);
  });

  test('without end are cut off at the limit, and the session is over', async () => {
    for (const part of ['6110', `${'AA'.repeat(256)}6100`]) {
      const transceiver = chip(() => part);
      const session = new Session({ transceiver });
      const error = await caught(session.send(READ));
      expect(error.code).toBe('LIMIT_EXCEEDED');
      expect(transceiver.commands.length).toBeLessThanOrEqual(302);
      expect(await caught(session.send(READ))).toBe(error);
    }
  });
});

describe('another Le (6Cxx)', () => {
  test('is taken once', async () => {
    const transceiver = chip((_, count) => count === 1 ? '6C04' : '010203049000');
    const { data } = await new Session({ transceiver }).send(READ);
    expect(toHex(data)).toBe('01020304');
    expect(transceiver.commands).toEqual(['00B0000010', '00B0000004']);
  });

  test('without end comes out as the status word', async () => {
    const transceiver = chip((_, count) => `6C${count.toString(16).padStart(2, '0')}`);
    expect((await new Session({ transceiver }).send(READ)).sw).toBe(0x6c02);
    expect(transceiver.commands.length).toBe(2);
  });

  test('is not taken for a command without Le', async () => {
    const transceiver = chip(() => '6C04');
    const { sw } = await new Session({ transceiver }).send({ ...READ, le: undefined });
    expect(sw).toBe(0x6c04);
    expect(transceiver.commands.length).toBe(1);
  });
});

describe('long commands', () => {
  const long = { cla: 0x00, ins: 0x86, p1: 0, p2: 0, data: new Uint8Array(300).fill(7), le: 256 };

  test('go by command chaining, with Le on the last piece only', async () => {
    const transceiver = chip(() => '9000');
    await new Session({ transceiver }).send(long);
    const [first, second] = transceiver.commands.map(hex);
    expect(toHex(first.subarray(0, 5))).toBe('10860000FF');
    expect(first.length).toBe(5 + 255);
    expect(toHex(second.subarray(0, 5))).toBe('008600002D');
    expect(second.length).toBe(5 + 45 + 1);
  });

  test('stop at the first piece that is refused', async () => {
    const transceiver = chip(() => '6884');
    expect((await new Session({ transceiver }).send(long)).sw).toBe(0x6884);
    expect(transceiver.commands.length).toBe(1);
  });

  test('go by extended length where it is on', async () => {
    const transceiver = chip(() => '9000');
    await new Session({ transceiver, extendedLength: true }).send(long);
    expect(transceiver.commands.length).toBe(1);
    expect(transceiver.commands[0]).toStartWith('0086000000012C');
  });

  test('go by chaining after extended length was refused', async () => {
    const transceiver = chip((command) => command.length > 261 ? '6700' : '9000');
    const session = new Session({ transceiver, extendedLength: true });
    expect((await session.send(long)).sw).toBe(0x9000);
    expect(transceiver.commands.length).toBe(3);
    expect(session.extendedLength).toBe(false);
  });

  test('keep to the longest command that the chip states', async () => {
    const transceiver = chip(() => '9000');
    const session = new Session({ transceiver, extendedLength: true, maxCommandBytes: 280 });
    await session.send({ ...long, data: new Uint8Array(600) });
    expect(Math.max(...transceiver.commands.map((command) => command.length / 2))).toBeLessThan(
      281,
    );
  });

  test('an Le above 256 is 256 without extended length', async () => {
    const transceiver = chip(() => '9000');
    await new Session({ transceiver }).send({ ...READ, le: 65536 });
    expect(transceiver.commands).toEqual(['00B0000000']);
  });
});

describe('a chip that hangs, breaks or goes on for ever', () => {
  const hanging: Transceiver = { transceive: () => new Promise<Uint8Array>(() => {}) };

  test('no answer in time ends the session and tells the transceiver', async () => {
    let told: unknown;
    const transceiver: Transceiver = {
      transceive: (_, signal) => {
        signal?.addEventListener('abort', () => told = signal.reason);
        return new Promise<Uint8Array>(() => {});
      },
    };
    const session = new Session({ transceiver, limits: { apduTimeoutMs: 5 } });
    const error = await caught(session.send(READ));
    expect(error.code).toBe('TIMEOUT');
    expect(told).toBe(error);
    expect(session.failure).toBe(error);
  });

  test('an answer that comes after the time is up is not taken for the next one', async () => {
    let late: (answer: Uint8Array) => void = () => {};
    const transceiver: Transceiver = {
      transceive: () => new Promise<Uint8Array>((resolve) => late = resolve),
    };
    const session = new Session({ transceiver, limits: { apduTimeoutMs: 5 } });
    await caught(session.send(READ));
    late(hex('9000'));
    expect((await caught(session.send(READ))).code).toBe('TIMEOUT');
  });

  test('the caller can cancel, before and meanwhile', async () => {
    const controller = new AbortController();
    const session = new Session({ transceiver: hanging, signal: controller.signal });
    const sending = caught(session.send(READ));
    controller.abort();
    expect((await sending).code).toBe('CANCELLED');
    const late = new Session({ transceiver: hanging, signal: controller.signal });
    expect((await caught(late.send(READ))).code).toBe('CANCELLED');
  });

  test('a broken line, rejected or thrown, keeps its cause', async () => {
    const cause = new Error('tag lost');
    const broken: Transceiver[] = [
      { transceive: () => Promise.reject(cause) },
      {
        transceive: () => {
          throw cause;
        },
      },
    ];
    for (const transceiver of broken) {
      const error = await caught(new Session({ transceiver }).send(READ));
      expect(error).toMatchObject({ code: 'TRANSCEIVE_FAILED', cause });
    }
  });

  test('no more APDUs than the limit', async () => {
    const transceiver = chip(() => '9000');
    const session = new Session({ transceiver, limits: { maxApdus: 3 } });
    for (let i = 0; i < 3; i++) await session.send(READ);
    expect((await caught(session.send(READ))).code).toBe('LIMIT_EXCEEDED');
    expect(transceiver.commands.length).toBe(3);
    expect(session.statistics).toEqual({ apdus: 3, bytesSent: 15, bytesReceived: 6 });
  });

  test('closing drops the channel and ends what is under way', async () => {
    const session = new Session({ transceiver: hanging });
    session.channel = {} as Protection;
    session.channel = undefined;
    const sending = caught(session.send(READ));
    session.close();
    expect((await sending).code).toBe('CANCELLED');
    expect(session.channel).toBeUndefined();
  });

  test.each(['', '90', '0000', 'FFFF'])('nonsense %p is a typed error', async (answer) => {
    const session = new Session({ transceiver: chip(() => answer) });
    expect((await caught(session.send(READ))).code).toBe('RESPONSE_MALFORMED');
  });
});

describe('a lost channel', () => {
  test('is dropped by the session', async () => {
    const session = new Session({ transceiver: chip(() => '6988') });
    session.channel = {
      wrap: (command) => command,
      unwrap: () => {
        throw new EmrtdError('SM_PLAIN', 'unprotected');
      },
      maxAnswerData: (bytes) => bytes,
      maxCommandData: (bytes) => bytes,
    };
    expect((await caught(session.send(READ))).code).toBe('SM_PLAIN');
    expect(session.channel).toBeUndefined();
    expect(session.failure).toBeUndefined();
  });
});

describe('read length', () => {
  test('goes from what the chip states down to lengths that all documents take', () => {
    const session = new Session({
      transceiver: chip(() => '9000'),
      extendedLength: true,
      maxResponseBytes: 1026,
    });
    const lengths = [session.readLength];
    while (session.lowerReadLength()) lengths.push(session.readLength);
    expect(lengths).toEqual([1024, 256, 224, 160, 96]);
  });

  test('stays short where the longest answer is not known', () => {
    const session = new Session({ transceiver: chip(() => '9000'), extendedLength: true });
    expect(session.readLength).toBe(256);
  });
});
