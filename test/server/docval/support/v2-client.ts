/** A phone that speaks v2: opens the chip itself, hands it over for chip authentication, reads the files. */
import {
  type ChannelState,
  dataGroupFile,
  EF_COM,
  EF_SOD,
  EmrtdError,
  enterApplication,
  type FileId,
  mrzPassword,
  openChip,
  parseCom,
  parseDg15,
  readFile,
  requestSignature,
  SecureChannel,
  Session,
  type Transceiver,
} from '../../../../emrtd/mod.ts';
import { ERIKSSON } from '../../../emrtd/chip/support.ts';
import { CLIENT_ID } from './server.ts';

export interface V2Transcript {
  /** Texts as they came: the counter in them is more than a JSON number holds. */
  readonly texts: string[];
  /** Names of files that the server sent. */
  readonly files: string[];
  /** APDUs that the server sent. */
  apdus: number;
  code: number;
  reason: string;
}

export interface V2Options {
  readonly url: string;
  readonly chip: Transceiver;
  readonly start?: object;
  readonly finish?: object;
  /** Changes files before they are sent. */
  readonly tamper?: (name: string, bytes: Uint8Array) => Uint8Array;
  /** Leaves out the handover although there is a DG14. */
  readonly keepChip?: boolean;
  /** 3DES keys of 24 bytes and a counter with a sign, as Java has them. */
  readonly javaKeys?: boolean;
}

function frame(name: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array([1, name.length, ...new TextEncoder().encode(name), ...data]);
}

function writeKeys({ cipher, kenc, kmac, ssc }: ChannelState, java: boolean): string {
  const key = (bytes: Uint8Array) => {
    const long = java && cipher === '3DES' ? [...bytes, ...bytes.subarray(0, 8)] : bytes;
    return new Uint8Array(long).toBase64();
  };
  const algorithm = cipher === '3DES' ? 'DESede' : 'AES';
  const counter = java ? BigInt.asIntN(64, ssc) : ssc;
  return `{"algorithm":"${algorithm}","encKey":"${key(kenc)}","macKey":"${
    key(kmac)
  }","ssc":${counter}}`;
}

function readKeys(text: string): ChannelState {
  const { secureMessagingInfo: keys } = JSON.parse(text);
  const kenc = Uint8Array.fromBase64(keys.encKey);
  const ssc = BigInt.asUintN(64, BigInt(/"ssc":(-?\d+)/.exec(text)?.[1] ?? ''));
  const des = keys.algorithm === 'DESede';
  const cut = (bytes: Uint8Array) => des ? bytes.subarray(0, 16) : bytes;
  const cipher = des ? '3DES' : `AES-${8 * kenc.length}` as ChannelState['cipher'];
  return { cipher, kenc: cut(kenc), kmac: cut(Uint8Array.fromBase64(keys.macKey)), ssc };
}

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));

/** Runs a session to its end; the transcript tells how it ended. */
export async function runV2(options: V2Options): Promise<V2Transcript> {
  const transcript: V2Transcript = { texts: [], files: [], apdus: 0, code: 0, reason: '' };
  const socket = new WebSocket(options.url);
  socket.binaryType = 'arraybuffer';
  const closed = Promise.withResolvers<void>();
  const waiting = new Map<string, PromiseWithResolvers<string>>();
  const message = (type: string) => {
    const promise = Promise.withResolvers<string>();
    waiting.set(type, promise);
    return Promise.race([promise.promise, closed.promise.then(() => undefined)]);
  };
  socket.onclose = ({ code, reason }) => {
    Object.assign(transcript, { code, reason });
    closed.resolve();
  };
  socket.onmessage = async ({ data }) => {
    if (typeof data === 'string') {
      transcript.texts.push(data);
      waiting.get(JSON.parse(data).type)?.resolve(data);
      return;
    }
    const bytes = new Uint8Array(data as ArrayBuffer);
    if (bytes[0] === 1) {
      transcript.files.push(new TextDecoder().decode(bytes.subarray(2, 2 + bytes[1])));
      return;
    }
    transcript.apdus++;
    const answer = await options.chip.transceive(bytes.subarray(1));
    if (transcript.code === 0) socket.send(new Uint8Array([2, ...answer]));
  };
  await new Promise((resolve) => socket.onopen = resolve);
  const accepted = message('ACCEPT');
  socket.send(JSON.stringify({
    type: 'START',
    validationId: 'v2-case',
    clientId: CLIENT_ID,
    platform: 'iOS',
    nfcAdapterSupportsExtendedLength: true,
    enableDiagnostics: false,
    ...options.start,
  }));
  const accept = await accepted;
  if (accept === undefined) return transcript;
  const challenge = Uint8Array.fromBase64(JSON.parse(accept).activeAuthenticationChallenge);

  const session = new Session({ transceiver: options.chip });
  const opened = await openChip(session, mrzPassword(ERIKSSON), random);
  if (opened.method.protocol === 'PACE') await enterApplication(session);
  const read = async (file: FileId) => {
    try {
      return await readFile(session, file);
    } catch (error) {
      if (error instanceof EmrtdError) return undefined;
      throw error;
    }
  };
  const send = (name: string, bytes: Uint8Array) =>
    socket.send(frame(name, options.tamper?.(name, bytes) ?? bytes));
  const listed = parseCom(await readFile(session, EF_COM)).data.dataGroups;
  if (listed.includes(14) && options.keepChip !== true) {
    send('dg14', await readFile(session, dataGroupFile(14)));
    const handedBack = message('CA_HANDBACK');
    const keys = writeKeys(
      (session.channel as SecureChannel).snapshot(),
      options.javaKeys === true,
    );
    socket.send(
      '{"type":"CA_HANDOVER","maxTransceiveLengthForSecureMessaging":256,"maxBlockSize":224,' +
        `"secureMessagingInfo":${keys}}`,
    );
    const handback = await handedBack;
    if (handback === undefined) return transcript;
    session.channel = new SecureChannel(readKeys(handback));
  }
  for (
    const [name, file] of [
      ['sod', EF_SOD],
      ...[1, 2, 15].map((group) => [`dg${group}`, dataGroupFile(group)]),
    ] as [string, FileId][]
  ) {
    if (transcript.files.includes(name)) continue;
    const bytes = await read(file);
    if (bytes !== undefined) send(name, bytes);
  }
  const dg15 = listed.includes(15) ? await read(dataGroupFile(15)) : undefined;
  const signature = dg15 === undefined
    ? null
    : (await requestSignature(session, parseDg15(dg15).data.publicKey, challenge)).toBase64();
  socket.send(JSON.stringify({
    type: 'FINISH',
    sendResult: true,
    activeAuthenticationSignature: signature,
    ...options.finish,
  }));
  await closed.promise;
  return transcript;
}

/** The passport of a RESULT message. */
export function resultOf({ texts }: V2Transcript): Record<string, unknown> | undefined {
  return texts.map((text) => JSON.parse(text)).find(({ type }) => type === 'RESULT')?.passport;
}
