/** What DocVal tells of its sessions and documents: counts and spans, nothing of a client, a document or its holder. */
import type { Registry } from '../core/metrics/registry.ts';
import type { Trace } from '../core/tracing/current.ts';
import type { Tracer } from '../core/tracing/tracer.ts';
import { CHECK_NAMES, checkName } from './check-names.ts';
import { CLOSE_CODES } from './errors.ts';
import type { NamedCheck, Procedure } from './passport-types.ts';

export type Protocol = 'v1' | 'v2';

const PROTOCOLS: readonly Protocol[] = ['v1', 'v2'];
const PROCEDURES: readonly Procedure[] = [
  'access_control',
  'chip_authentication',
  'chip_authentication_mapping',
  'active_authentication',
  'sod_signature',
  'document_certificate',
  'data_group_hashes',
];
/** Seconds: a fast chip takes two, a session at most 300. */
const SESSION_SECONDS = [0.5, 1, 2.5, 5, 10, 15, 30, 60, 120, 300];

/** A session that is over. */
export interface EndedSession {
  readonly protocol: Protocol;
  /** A close reason, DONE or CLIENT_CLOSED. */
  readonly outcome: string;
  readonly failed: boolean;
  /** Of `performance.now()`. */
  readonly openedMs: number;
  readonly apdus: number;
  readonly trace: Trace | undefined;
}

export class DocvalObserver {
  readonly #tracer: Tracer;
  readonly #open: Record<Protocol, number> = { v1: 0, v2: 0 };
  readonly #ended;
  readonly #durations;
  readonly #apdus;
  readonly #refused;
  readonly #documents;
  readonly #failedChecks;

  constructor(registry: Registry, tracer: Tracer) {
    this.#tracer = tracer;
    registry.measured('gauge', {
      name: 'gatehouse_docval_sessions_open',
      help: 'Sockets that are open, idle ones included.',
      labels: { protocol: PROTOCOLS },
    }, (set) => {
      for (const protocol of PROTOCOLS) set({ protocol }, this.#open[protocol]);
    });
    this.#ended = registry.counter({
      name: 'gatehouse_docval_sessions_total',
      help: 'Sessions that have ended, by close reason; DONE: ran to the end.',
      labels: {
        protocol: PROTOCOLS,
        outcome: ['DONE', 'CLIENT_CLOSED', ...Object.keys(CLOSE_CODES)],
      },
    });
    this.#durations = registry.histogram({
      name: 'gatehouse_docval_session_duration_seconds',
      help: 'Sessions from the opening of the socket to their end.',
      labels: { protocol: PROTOCOLS },
    }, SESSION_SECONDS);
    this.#apdus = registry.counter({
      name: 'gatehouse_docval_apdus_total',
      help: 'Commands that the server has sent to chips.',
      labels: { protocol: PROTOCOLS },
    });
    this.#refused = registry.counter({
      name: 'gatehouse_docval_refused_sockets_total',
      help: 'Sockets refused with 503: too many, or the server is shutting down.',
    });
    this.#documents = registry.counter({
      name: 'gatehouse_docval_documents_total',
      help: 'Documents that were judged, by whether passive authentication succeeded.',
      labels: { passive_authentication: ['true', 'false'] },
    });
    this.#failedChecks = registry.counter({
      name: 'gatehouse_docval_failed_checks_total',
      help: 'Checks of judged documents that failed.',
      labels: { procedure: PROCEDURES, check: CHECK_NAMES },
    });
  }

  opened(protocol: Protocol): void {
    this.#open[protocol]++;
  }

  ended({ protocol, outcome, failed, openedMs, apdus, trace }: EndedSession): void {
    const endMs = performance.now();
    this.#open[protocol]--;
    this.#ended.add({ protocol, outcome });
    this.#durations.observe({ protocol }, (endMs - openedMs) / 1000);
    this.#apdus.add({ protocol }, apdus);
    this.#tracer.end(trace, {
      name: `docval session ${protocol}`,
      startMs: openedMs,
      endMs,
      attributes: { 'gatehouse.outcome': outcome, 'gatehouse.apdus': apdus },
      failed,
    });
  }

  refused(): void {
    this.#refused.add({});
  }

  judged(authentic: boolean, checks: readonly NamedCheck[]): void {
    this.#documents.add({ passive_authentication: String(authentic) });
    for (const { procedure, check, status } of checks) {
      if (status === 'failed') this.#failedChecks.add({ procedure, check: checkName(check) });
    }
  }
}
