import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { tlv } from '../../../emrtd/asn1/mod.ts';
import {
  bigIntToBytes,
  blockSize,
  type CipherName,
  concat,
  decryptCbc,
  encryptBlock,
  encryptCbc,
  keyLength,
  mac,
  padIso9797,
  unpadIso9797,
} from '../../../emrtd/crypto/mod.ts';
import { type CommandApdu, readFile, Session } from '../../../emrtd/iso7816/mod.ts';
import { dataGroupFile, encodeCommand, parseCommand } from '../../../emrtd/iso7816/mod.ts';
import { SecureChannel } from '../../../emrtd/messaging/mod.ts';
import { chip, hex } from '../iso7816/scripted-chip.ts';

const CIPHERS: CipherName[] = ['3DES', 'AES-128', 'AES-192', 'AES-256'];
const NOTHING: Uint8Array = new Uint8Array(0);

function keys(cipher: CipherName) {
  const length = keyLength(cipher);
  const kenc = Uint8Array.from({ length }, (_, i) => i * 7 + 1);
  const kmac = Uint8Array.from({ length }, (_, i) => i * 11 + 3);
  return { cipher, kenc, kmac };
}

/** The other end, from the clauses of 9303-11 9.8 and one-shot primitives, with a counter of its own. */
class Peer {
  readonly #keys: ReturnType<typeof keys>;
  ssc: bigint;

  constructor(cipher: CipherName, ssc: bigint) {
    this.#keys = keys(cipher);
    this.ssc = ssc;
  }

  get #block(): number {
    return blockSize(this.#keys.cipher);
  }

  #next(): Uint8Array {
    this.ssc = BigInt.asUintN(8 * this.#block, this.ssc + 1n);
    return bigIntToBytes(this.ssc, this.#block);
  }

  #iv(ssc: Uint8Array): Uint8Array {
    const { cipher, kenc } = this.#keys;
    return cipher === '3DES' ? new Uint8Array(8) : encryptBlock(cipher, kenc, ssc);
  }

  #mac(...parts: Uint8Array[]): Uint8Array {
    const { cipher, kmac } = this.#keys;
    return mac(cipher, kmac, padIso9797(concat(...parts), this.#block));
  }

  /** Opens a command: header and data objects, MAC checked. */
  open({ cla, ins, p1, p2, data = NOTHING }: CommandApdu): { data: Uint8Array; le?: number } {
    const { cipher, kenc } = this.#keys;
    const ssc = this.#next();
    const body = data.subarray(0, -10);
    const header = padIso9797(Uint8Array.of(cla, ins, p1, p2), this.#block);
    expect(data.subarray(-10)).toEqual(tlv(0x8e, this.#mac(ssc, header, body)));
    const odd = (ins & 1) === 1;
    let offset = 0;
    let plain: Uint8Array = NOTHING;
    if (body[0] === 0x87 || body[0] === 0x85) {
      expect(body[0]).toBe(odd ? 0x85 : 0x87);
      const long = body[1] === 0x81 ? 1 : body[1] === 0x82 ? 2 : 0;
      const length = long === 0 ? body[1] : long === 1 ? body[2] : body[2] * 256 + body[3];
      const start = 2 + long + (odd ? 0 : 1);
      if (!odd) expect(body[start - 1]).toBe(0x01);
      offset = 2 + long + length;
      const padded = decryptCbc(cipher, kenc, this.#iv(ssc), body.subarray(start, offset));
      plain = unpadIso9797(padded, this.#block);
    }
    const rest = body.subarray(offset);
    if (rest.length === 0) return { data: plain };
    expect(rest[0]).toBe(0x97);
    const le = rest.length === 3 ? rest[2] || 256 : rest[2] * 256 + rest[3] || 65536;
    return { data: plain, le };
  }

  /** A protected answer, as bytes without the outer status word. */
  answer(data: Uint8Array, sw: number, odd = false): Uint8Array {
    const { cipher, kenc } = this.#keys;
    const ssc = this.#next();
    const padded = padIso9797(data, this.#block);
    const cryptogram = encryptCbc(cipher, kenc, this.#iv(ssc), padded);
    const object = data.length === 0
      ? NOTHING
      : odd
      ? tlv(0x85, cryptogram)
      : tlv(0x87, Uint8Array.of(1), cryptogram);
    const body = concat(object, tlv(0x99, Uint8Array.of(sw >> 8, sw & 0xff)));
    return concat(body, tlv(0x8e, this.#mac(ssc, body)));
  }
}

function pair(cipher: CipherName, ssc = 0n) {
  return { channel: new SecureChannel({ ...keys(cipher), ssc }), peer: new Peer(cipher, ssc) };
}

describe.each(CIPHERS)('secure messaging with %s', (cipher) => {
  test('all four cases, even and odd INS, many times on one channel', () => {
    const { channel, peer } = pair(cipher, 0xfffffffffffffffen);
    const data = fc.uint8Array({ maxLength: 600 });
    const command = fc.record({
      ins: fc.constantFrom(0xa4, 0xb0, 0xb1, 0x86),
      data,
      le: fc.option(fc.integer({ min: 1, max: 65536 }), { nil: undefined }),
      answer: data,
      sw: fc.constantFrom(0x9000, 0x6282, 0x6a82),
    });
    fc.assert(
      fc.property(command, ({ ins, data, le, answer, sw }) => {
        const plain = { cla: 0, ins, p1: 1, p2: 2, data, le };
        const sent = channel.wrap(plain, { extended: (le ?? 0) > 256 });
        expect(sent.cla).toBe(0x0c);
        expect(peer.open(sent)).toEqual(le === undefined ? { data } : { data, le });
        const given = peer.answer(answer, sw, (ins & 1) === 1);
        expect(channel.unwrap({ data: given, sw: 0x9000 })).toEqual({ data: answer, sw });
        expect(channel.snapshot().ssc).toBe(peer.ssc);
      }),
      { numRuns: 200 },
    );
  });

  test('what fits a short answer or command does, and one byte more does not', () => {
    const { channel, peer } = pair(cipher);
    const most = channel.maxAnswerData(256);
    expect(peer.answer(new Uint8Array(most), 0x9000).length).toBeLessThanOrEqual(256);
    expect(peer.answer(new Uint8Array(most + 1), 0x9000).length).toBeGreaterThan(256);
    const wrapped = (length: number): number => {
      const command = { cla: 0, ins: 0x86, p1: 0, p2: 0, data: new Uint8Array(length), le: 256 };
      return channel.wrap(command, { extended: false }).data?.length ?? 0;
    };
    const longest = channel.maxCommandData(255);
    expect(wrapped(longest)).toBeLessThanOrEqual(255);
    expect(wrapped(longest + blockSize(cipher))).toBeGreaterThan(255);
  });

  test('any bit changed is refused and ends the channel', () => {
    const { length } = pair(cipher).peer.answer(new Uint8Array(40).fill(5), 0x9000);
    for (let bit = 0; bit < length * 8; bit++) {
      const { channel, peer } = pair(cipher);
      const changed = peer.answer(new Uint8Array(40).fill(5), 0x9000);
      changed[bit >> 3] ^= 1 << (bit & 7);
      expect(() => channel.unwrap({ data: changed, sw: 0x9000 })).toThrow(
        expect.objectContaining({ code: 'SM_FAILED' }),
      );
      expect(() => channel.unwrap({ data: peer.answer(NOTHING, 0x9000), sw: 0x9000 })).toThrow(
        expect.objectContaining({ code: 'SM_FAILED' }),
      );
    }
  });

  test('wrong MAC, wrong padding and wrong objects look alike', () => {
    const cases: ((good: Uint8Array, peer: Peer) => Uint8Array)[] = [
      (good) => good.with(good.length - 1, good[good.length - 1] ^ 1),
      (good) => good.subarray(0, -1),
      (good) => good.subarray(1),
      (good) => concat(good, good),
      () => hex('8E080000000000000000'),
      () => hex('87020102990290008E080000000000000000'),
      () => hex('8784FFFFFFFF01'),
      () => hex('FFFFFFFF'),
    ];
    const messages = cases.map((change) => {
      const { channel, peer } = pair(cipher);
      const bad = change(peer.answer(new Uint8Array(20), 0x9000), peer);
      try {
        return channel.unwrap({ data: bad, sw: 0x9000 });
      } catch (error) {
        return error;
      }
    });
    for (const error of messages) {
      expect(error).toMatchObject({
        code: 'SM_FAILED',
        message: 'secure messaging: the answer is not authentic',
      });
    }
  });

  test('an answer out of step is refused', () => {
    const { channel, peer } = pair(cipher);
    peer.answer(NOTHING, 0x9000);
    expect(() => channel.unwrap({ data: peer.answer(NOTHING, 0x9000), sw: 0x9000 })).toThrow(
      expect.objectContaining({ code: 'SM_FAILED' }),
    );
  });

  test('a snapshot goes on where the channel was', () => {
    const { channel, peer } = pair(cipher, 7n);
    const command = { cla: 0, ins: 0xb0, p1: 0, p2: 0, le: 4 };
    peer.open(channel.wrap(command, { extended: false }));
    const state = channel.snapshot();
    expect(state).toMatchObject({ cipher, ssc: 8n });
    const second = new SecureChannel(state);
    const answer = peer.answer(hex('01020304'), 0x9000);
    expect(second.unwrap({ data: answer, sw: 0x9000 }).data).toEqual(hex('01020304'));
    expect(second.authenticAnswers).toBe(1);
    state.kenc.fill(0);
    expect(channel.snapshot().kenc).toEqual(keys(cipher).kenc);
  });

  test('any bytes are refused as not authentic or as unprotected', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (data) => {
      try {
        pair(cipher).channel.unwrap({ data, sw: 0x9000 });
      } catch (error) {
        expect(['SM_FAILED', 'SM_PLAIN']).toContain((error as { code: string }).code);
        return;
      }
      throw new Error('accepted');
    }));
  });
});

describe('answers that are not protected', () => {
  test.each([
    ['nothing but a status word', '', 0x6988, 0x6988],
    ['success without protection', '', 0x9000, 0x9000],
    ['DO99 without DO8E', '99026A82', 0x6a82, 0x6a82],
    ['a cryptogram without DO8E', '870901001122334455667799029000', 0x9000, 0x9000],
  ])('%s', (_, data, sw, statusWord) => {
    const { channel } = pair('3DES');
    expect(() => channel.unwrap({ data: hex(data), sw })).toThrow(
      expect.objectContaining({ code: 'SM_PLAIN', statusWord }),
    );
    expect(() => channel.wrap({ cla: 0, ins: 0xb0, p1: 0, p2: 0 }, { extended: false })).toThrow(
      expect.objectContaining({ code: 'SM_FAILED' }),
    );
  });

  test('plain data in place of a cryptogram is refused', () => {
    const { channel } = pair('AES-128');
    expect(() => channel.unwrap({ data: hex('60145F01'), sw: 0x9000 })).toThrow(
      expect.objectContaining({ code: 'SM_FAILED' }),
    );
  });
});

describe('keys and counter', () => {
  test('of another length or out of range are refused', () => {
    const good = { ...keys('AES-128'), ssc: 0n };
    for (
      const bad of [
        { ...good, kenc: new Uint8Array(15) },
        { ...good, kmac: new Uint8Array(24) },
        { ...good, ssc: -1n },
        { ...good, ssc: 1n << 128n },
        { ...keys('3DES'), ssc: 1n << 64n },
      ]
    ) {
      expect(() => new SecureChannel(bad)).toThrow(
        expect.objectContaining({ code: 'CRYPTO_INPUT' }),
      );
    }
  });

  test('the counter wraps around', () => {
    const channel = new SecureChannel({ ...keys('3DES'), ssc: (1n << 64n) - 1n });
    channel.wrap({ cla: 0, ins: 0xb0, p1: 0, p2: 0 }, { extended: false });
    expect(channel.snapshot().ssc).toBe(0n);
  });
});

describe('a session in secure messaging', () => {
  test('chains long commands, each piece protected for itself', async () => {
    const { channel, peer } = pair('AES-128');
    const got: Uint8Array[] = [];
    const transceiver = chip((bytes) => {
      const command = parseCommand(bytes);
      expect(bytes.length).toBeLessThanOrEqual(261);
      got.push(peer.open(command).data);
      return concat(peer.answer(NOTHING, 0x9000), hex('9000'));
    });
    const session = new Session({ transceiver });
    session.channel = channel;
    const data = Uint8Array.from({ length: 500 }, (_, i) => i & 0xff);
    await session.send({ cla: 0, ins: 0x86, p1: 0, p2: 0, data, le: 256 });
    expect(concat(...got)).toEqual(data);
    expect(transceiver.commands.map((command) => command.slice(0, 2))).toEqual(['1C', '1C', '0C']);
  });

  test('a block of 6282 with wrong padding is asked for again in another length', async () => {
    const { channel, peer } = pair('3DES');
    const file = tlv(0x75, new Uint8Array(100).fill(9));
    let spoilt = false;
    const transceiver = chip((bytes) => {
      const command = parseCommand(bytes);
      const { le = 0 } = peer.open(command);
      if (command.ins === 0xa4) return concat(peer.answer(NOTHING, 0x9000), hex('9000'));
      const offset = command.p1 * 256 + command.p2;
      if (offset === 4 && !spoilt) {
        spoilt = true;
        return concat(unpadded(peer), hex('9000'));
      }
      return concat(peer.answer(file.slice(offset, offset + le), 0x9000), hex('9000'));
    });
    const session = new Session({ transceiver });
    session.channel = channel;
    expect(await readFile(session, dataGroupFile(2))).toEqual(file);
  });

  test('a plain 6Cxx or 61xx below secure messaging is answered without touching the counter', async () => {
    const { channel, peer } = pair('AES-256');
    let whole: Uint8Array = NOTHING;
    const transceiver = chip((bytes, count) => {
      if (count === 1) return '6CFF';
      if (count === 2) {
        peer.open(parseCommand(bytes));
        whole = peer.answer(new Uint8Array(200).fill(3), 0x9000);
        return concat(whole.subarray(0, 100), hex('6100'));
      }
      expect(bytes).toEqual(encodeCommand({ cla: 0, ins: 0xc0, p1: 0, p2: 0, le: 256 }));
      return concat(whole.subarray(100), hex('9000'));
    });
    const session = new Session({ transceiver });
    session.channel = channel;
    const { data } = await session.send({ cla: 0, ins: 0xb0, p1: 0, p2: 0, le: 200 });
    expect(data).toEqual(new Uint8Array(200).fill(3));
  });
});

/** An answer with status 6282 whose MAC is right and whose padding is not. */
function unpadded(peer: Peer): Uint8Array {
  const { kenc, kmac } = keys('3DES');
  peer.ssc += 1n;
  const cryptogram = encryptCbc('3DES', kenc, new Uint8Array(8), new Uint8Array(16));
  const body = concat(tlv(0x87, Uint8Array.of(1), cryptogram), hex('99026282'));
  const input = padIso9797(concat(bigIntToBytes(peer.ssc, 8), body), 8);
  return concat(body, tlv(0x8e, mac('3DES', kmac, input)));
}
