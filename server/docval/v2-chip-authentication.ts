/**
 * Chip authentication on a channel that the client opened: it hands over keys and counter, the server runs
 * the protocol and reads DG1 with the new keys, which is the proof, and hands the channel back
 * (9303-11 6.2; v2 CA_HANDOVER and CA_HANDBACK).
 */
import {
  authenticateChip,
  type ChannelState,
  chipAuthenticationChoices,
  dataGroupFile,
  EmrtdError,
  parseDg14,
  readFile,
  SecureChannel,
  Session,
  type Transceiver,
} from '../../emrtd/mod.ts';
import { DocvalError } from './errors.ts';
import type { Handover, WireKeys } from './v2-messages.ts';

/** Lengths of AES keys in bytes. */
const AES_NAMES: Readonly<Record<number, ChannelState['cipher']>> = {
  16: 'AES-128',
  24: 'AES-192',
  32: 'AES-256',
};
/** Two-key 3DES; Java writes the first key once more behind them. */
const DES_BYTES = 16;
const JAVA_DES_BYTES = 24;
/** The least number of 64 bits without a sign that is none with one. */
const BEYOND_INT64 = 2n ** 63n;

function wrongKeys(what: string): DocvalError {
  return new DocvalError('PROTOCOL_ERROR', `secureMessagingInfo: ${what}`);
}

function desKey(bytes: Uint8Array): Uint8Array {
  const [first, again] = [bytes.subarray(0, 8), bytes.subarray(16)];
  const twoKeys = bytes.length === DES_BYTES ||
    (bytes.length === JAVA_DES_BYTES && first.every((byte, i) => byte === again[i]));
  if (!twoKeys) throw wrongKeys('a DESede key is no two-key 3DES key');
  return bytes.slice(0, DES_BYTES);
}

/**
 * The state of a channel out of its form on the wire.
 * @throws DocvalError PROTOCOL_ERROR
 */
function channelState({ algorithm, encKey, macKey, ssc }: WireKeys): ChannelState {
  const enc = Uint8Array.fromBase64(encKey);
  const mac = Uint8Array.fromBase64(macKey);
  const counter = BigInt.asUintN(64, ssc);
  if (algorithm === 'DESede') {
    return { cipher: '3DES', kenc: desKey(enc), kmac: desKey(mac), ssc: counter };
  }
  const cipher = AES_NAMES[enc.length];
  if (cipher === undefined || mac.length !== enc.length) {
    throw wrongKeys('AES keys have another length');
  }
  return { cipher, kenc: enc, kmac: mac, ssc: counter };
}

function javaDesKey(key: Uint8Array): Uint8Array {
  const long = new Uint8Array(JAVA_DES_BYTES);
  long.set(key);
  long.set(key.subarray(0, 8), DES_BYTES);
  return long;
}

/** The state of a channel in its form on the wire: 3DES keys as long, and the counter with a sign, as `like` has them. */
function wireKeys({ cipher, kenc, kmac, ssc }: ChannelState, like: WireKeys): WireKeys {
  const long = like.algorithm !== 'DESede' ||
    Uint8Array.fromBase64(like.encKey).length === JAVA_DES_BYTES;
  const write = (key: Uint8Array) => (cipher === '3DES' && long ? javaDesKey(key) : key).toBase64();
  return {
    algorithm: cipher === '3DES' ? 'DESede' : 'AES',
    encKey: write(kenc),
    macKey: write(kmac),
    ssc: like.ssc < BEYOND_INT64 ? BigInt.asIntN(64, ssc) : ssc,
  };
}

/** How it ended. */
export interface ChipAuthenticationRun {
  readonly outcome: 'SUCCESS' | 'FAILED' | 'UNAVAILABLE';
  /** Why it failed. */
  readonly reason: string;
  /** The channel to go on with; null when it is lost. */
  readonly keys: WireKeys | null;
  /** DG1, read with the new keys. */
  readonly dg1?: Uint8Array;
}

export interface ChipAuthenticationRequest {
  readonly handover: Handover;
  readonly dg14: Uint8Array;
  readonly extendedLength: boolean;
  readonly transceiver: Transceiver;
  readonly apduTimeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Runs the protocol. A chip that fails is an outcome; throws EmrtdError when the line breaks, and
 * DocvalError PROTOCOL_ERROR for keys that are none.
 */
export async function runChipAuthentication(
  request: ChipAuthenticationRequest,
): Promise<ChipAuthenticationRun> {
  const { handover, dg14, transceiver, apduTimeoutMs, signal } = request;
  const longest = Math.trunc(handover.maxTransceiveLengthForSecureMessaging);
  const old = openChannel(handover.secureMessagingInfo);
  const session = new Session({
    transceiver,
    signal,
    limits: { apduTimeoutMs },
    extendedLength: request.extendedLength && longest > 256,
    ...(longest > 0 && { maxCommandBytes: longest }),
  });
  session.channel = old;
  const usable = (fresh?: SecureChannel): WireKeys | null => {
    const channel = [old, fresh].find((one) => one !== undefined && one === session.channel);
    return channel === undefined
      ? null
      : wireKeys(channel.snapshot(), handover.secureMessagingInfo);
  };
  let fresh: SecureChannel | undefined;
  try {
    const infos = parseDg14(dg14).data;
    if (chipAuthenticationChoices(infos).length === 0) {
      return { outcome: 'UNAVAILABLE', reason: 'DG14 has no key', keys: usable() };
    }
    const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
    fresh = (await authenticateChip(session, infos, random)).channel;
    const dg1 = await readFile(session, dataGroupFile(1));
    return { outcome: 'SUCCESS', reason: '', keys: usable(fresh), dg1 };
  } catch (error) {
    if (!(error instanceof EmrtdError) || session.failure !== undefined) throw error;
    return { outcome: 'FAILED', reason: error.message, keys: usable(fresh) };
  } finally {
    session.close();
  }
}

function openChannel(keys: WireKeys): SecureChannel {
  try {
    return new SecureChannel(channelState(keys));
  } catch (error) {
    if (error instanceof EmrtdError) throw wrongKeys(error.message);
    throw error;
  }
}
