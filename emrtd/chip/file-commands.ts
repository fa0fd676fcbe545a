/** SELECT and READ BINARY of the chip (ISO/IEC 7816-4 7.1.1 and 7.2.3, ICAO 9303-10 3.6). */
import { findTag, readTlvs, tlv } from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import { type ChipCommand, type ChipReply, status, SW } from './apdu.ts';
import { type ChipFile, endlessFile } from './file.ts';
import { type ChipState, locked } from './state.ts';

const EMRTD_APPLICATION = 'a0000002471001';
const MASTER_FILE = 0x3f00;

/** SELECT by application identifier (P1 04), by file identifier (P1 02 or 00). */
export function select(state: ChipState, command: ChipCommand): ChipReply {
  const { p1, data } = command;
  const { faults } = state;
  if (faults.has('select-le-refused') && command.ne > 0) return status(SW.wrongLength);
  if (p1 === 0x04) {
    const known = data.toHex() === EMRTD_APPLICATION && !faults.has('no-application');
    if (!known) return status(SW.fileNotFound);
    if (faults.has('select-once') && state.application === 'emrtd') {
      state.access = undefined;
      return status(SW.conditions);
    }
    // 9303-11 4.4.2: a chip with PACE hides the application; a BAC chip lets it be selected
    if (locked(state) && !state.document.bac) return status(SW.securityStatus);
    state.application = 'emrtd';
    state.file = undefined;
    return status(SW.ok);
  }
  if (p1 !== 0x00 && p1 !== 0x02) return status(SW.wrongData);
  const fid = data.length === 2 ? data[0] * 256 + data[1] : MASTER_FILE;
  if (p1 === 0x00 && (data.length === 0 || fid === MASTER_FILE)) {
    if (faults.has('select-mf-refused')) return status(SW.fileNotFound);
    state.application = 'master';
    state.file = undefined;
    return status(SW.ok);
  }
  const file = filesOf(state).find((candidate) => candidate.fid === fid);
  if (file === undefined) return status(refusal(state));
  if (!readable(state, file)) return status(SW.securityStatus);
  state.file = file;
  return status(SW.ok);
}

/** READ BINARY, even (B0) and odd (B1) instruction; `capacity` is what fits into the answer. */
export function readBinary(state: ChipState, command: ChipCommand, capacity: number): ChipReply {
  const { faults } = state;
  const place = command.ins === 0xb0 ? evenPlace(state, command) : oddPlace(state, command);
  if ('sw' in place) return place;
  const { offset } = place;
  if (!readable(state, place.file)) return status(SW.securityStatus);
  if (faults.due('security-status-midway')) return status(SW.securityStatus);
  state.file = place.file;
  const file = withLies(state, place.file);
  if (command.ne === 0) return status(SW.wrongLength);
  if (offset > file.length || (offset === file.length && file.length > 0)) {
    return status(SW.wrongOffset);
  }
  const left = file.length - offset;
  if (faults.has('endless-6c')) return status(0x6c00 | (command.ne === 1 ? 2 : 1));
  if (faults.has('read-short-only') && command.ne > 160) return status(SW.wrongOffset);
  if (faults.has('read-nothing')) return status(SW.ok);
  const all = command.ne === (command.extended ? 65536 : 256);
  if (faults.has('wrong-le') && command.ne > left) return status(0x6c00 | (left & 0xff));
  const overhead = command.ins === 0xb1 ? 4 : 0;
  const most = Math.max(0, Math.min(command.ne, capacity) - overhead);
  const length = faults.has('read-one-byte') ? Math.min(1, left) : Math.min(left, most);
  const bytes = file.read(offset, length);
  return {
    data: command.ins === 0xb1 ? tlv(0x53, bytes) : bytes,
    sw: !all && command.ne - overhead > left ? SW.endOfFile : SW.ok,
  };
}

type Place = { file: ChipFile; offset: number } | ChipReply;

function evenPlace(state: ChipState, { p1, p2 }: ChipCommand): Place {
  if ((p1 & 0x80) === 0) return current(state, p1 * 256 + p2);
  if ((p1 & 0x60) !== 0) return status(SW.wrongData);
  return bySfi(state, p1 & 0x1f, p2);
}

function oddPlace(state: ChipState, { p1, p2, data }: ChipCommand): Place {
  let offset: number;
  try {
    const object = findTag(readTlvs(data, { maxNodes: 4 }), 0x54);
    if (object === undefined || object.value.length < 1 || object.value.length > 4) {
      return status(SW.wrongData);
    }
    offset = object.value.reduce((value, byte) => value * 256 + byte, 0);
  } catch (error) {
    if (!(error instanceof EmrtdError)) throw error;
    return status(SW.wrongData);
  }
  const fid = p1 * 256 + p2;
  if (fid === 0) return current(state, offset);
  if (fid < 0x1f) return bySfi(state, fid, offset);
  const file = filesOf(state).find((candidate) => candidate.fid === fid);
  return file === undefined ? status(SW.fileNotFound) : { file, offset };
}

function current(state: ChipState, offset: number): Place {
  return state.file === undefined ? status(0x6986) : { file: state.file, offset };
}

function bySfi(state: ChipState, sfi: number, offset: number): Place {
  const file = filesOf(state).find((candidate) => candidate.sfi === sfi);
  return file === undefined ? status(refusal(state)) : { file, offset };
}

function filesOf(state: ChipState): readonly ChipFile[] {
  const { document } = state;
  return state.application === 'master' ? document.masterFiles : document.applicationFiles;
}

/** Absent files look like protected ones as long as the chip is locked (9303-11 4.4.2). */
function refusal(state: ChipState): number {
  return state.application === 'emrtd' && locked(state) ? SW.securityStatus : SW.fileNotFound;
}

function readable(state: ChipState, file: ChipFile): boolean {
  switch (file.access) {
    case 'always':
      return true;
    case 'protected':
      return !locked(state);
    case 'pace':
      return state.access === 'pace';
    case 'extended':
      return false;
  }
}

/** Lies about length touch EF.DG2, the largest file. */
function withLies(state: ChipState, file: ChipFile): ChipFile {
  if (file.fid !== 0x0102) return file;
  if (state.faults.has('file-4gib')) {
    return endlessFile(file, Uint8Array.of(0x75, 0x84, 0xff, 0xff, 0xff, 0xff));
  }
  if (state.faults.has('file-truncated')) {
    return { ...file, length: Math.floor(file.length / 2) };
  }
  return file;
}
