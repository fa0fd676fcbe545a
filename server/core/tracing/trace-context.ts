/**
 * The headers `traceparent` and `tracestate` (W3C Trace Context, Recommendation of 23 November 2021, 3.2 and
 * 3.3): which trace a request belongs to, and who in it has asked. What breaks the grammar is as good as absent.
 */

/** Who has asked. Identifiers in lower-case hexadecimal, never all zero. */
export interface TraceParent {
  /** 32 digits. */
  readonly traceId: string;
  /** 16 digits: the span of the caller. */
  readonly parentId: string;
  /** Whether the caller may have recorded its span. */
  readonly sampled: boolean;
}

/** version, trace-id, parent-id, trace-flags; later versions may have more behind another hyphen. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
/** Bounds what a later version may append. */
const MAX_TRACEPARENT = 512;
const SAMPLED = 0x01;

/** Undefined for what is no valid `traceparent` (3.2.2.3, 3.2.4). */
export function parseTraceparent(header: string | null): TraceParent | undefined {
  if (header === null || header.length > MAX_TRACEPARENT) return undefined;
  const match = TRACEPARENT.exec(header);
  if (match === null) return undefined;
  const [, version, traceId, parentId, flags, rest] = match;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(parentId)) return undefined;
  return { traceId, parentId, sampled: (Number.parseInt(flags, 16) & SAMPLED) !== 0 };
}

/** Version 00; of the flags only the one that this version knows. */
export function writeTraceparent({ traceId, parentId, sampled }: TraceParent): string {
  return `00-${traceId}-${parentId}-${sampled ? '01' : '00'}`;
}

const MAX_MEMBERS = 32;
/** No caller has so much to say; spares the grammar. */
const MAX_TRACESTATE_READ = 8192;
/** What has to be passed on (3.3.1.5), and all that is. */
const MAX_TRACESTATE = 512;
/** Members that go first where something has to go (3.3.1.5). */
const LONG_MEMBER = 128;
const KEY = /^(?:[a-z][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13})$/;
const VALUE = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/** The list to pass on, its members as they came; undefined for what is no valid `tracestate` (3.3.1). */
export function parseTracestate(header: string | null): string | undefined {
  if (header === null || header.length > MAX_TRACESTATE_READ) return undefined;
  const members = header.split(',').map((member) => member.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((member) => member !== '');
  const keys = members.map((member) => member.slice(0, Math.max(0, member.indexOf('='))));
  const valid = members.every((member, i) =>
    KEY.test(keys[i]) && VALUE.test(member.slice(keys[i].length + 1))
  );
  const distinct = new Set(keys).size === keys.length;
  if (!valid || !distinct || members.length > MAX_MEMBERS) return undefined;
  return shortened(members).join(',') || undefined;
}

/** Members in their order, as many as there is room for. */
function shortened(members: readonly string[]): readonly string[] {
  const fits = (list: readonly string[]) => list.join(',').length <= MAX_TRACESTATE;
  if (fits(members)) return members;
  const short = members.filter(({ length }) => length <= LONG_MEMBER);
  while (!fits(short)) short.pop();
  return short;
}
