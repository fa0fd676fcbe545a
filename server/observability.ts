/** Metrics, traces and readiness of one running server, put together. */
import type { ServerConfig } from './core/config/mod.ts';
import { type MeasuredEngine, measureEngine } from './core/face/engine-metrics.ts';
import { observeFaces } from './core/face/observed-faces.ts';
import type { FaceService } from './core/face/service.ts';
import type { ByteBudget } from './core/http/body.ts';
import { measureBodies } from './core/http/body-metrics.ts';
import type { Gate } from './core/http/gate.ts';
import { type MeasuredLicence, measureLicence } from './core/licence/licence-metrics.ts';
import { measureProcess } from './core/metrics/process.ts';
import type { Registry } from './core/metrics/registry.ts';
import { type MeasuredTrust, measureTrustStore } from './core/metrics/trust-store.ts';
import { type ReadinessCheck, writableFolder } from './core/monitoring/readiness.ts';
import type { MonitoringDeps } from './core/monitoring/routes.ts';
import { OtlpExporter } from './core/tracing/otlp-exporter.ts';
import { Tracer } from './core/tracing/tracer.ts';
import { DocvalObserver } from './docval/mod.ts';

export interface Observed {
  readonly registry: Registry;
  readonly faces: FaceService & MeasuredEngine;
  readonly gate: Gate;
  readonly budget: ByteBudget;
  readonly trust: MeasuredTrust;
  readonly licensing: MeasuredLicence;
  readonly now: () => Date;
}

export interface Observability {
  readonly tracer: Tracer;
  readonly docval: DocvalObserver;
  readonly monitoring: Pick<MonitoringDeps, 'registry' | 'readiness'>;
  /** The face service as a family is given it. */
  readonly facesOf: (family: 'identy' | 'playground') => FaceService;
  /** Exports what is left and stops looking. */
  close(): Promise<void>;
}

export function openObservability(
  { tracingOtlpUrl: url, dataFolder }: Pick<ServerConfig, 'tracingOtlpUrl' | 'dataFolder'>,
  observed: Observed,
): Observability {
  const { registry, faces, trust, now, budget } = observed;
  const stopSampling = measureProcess(registry);
  measureBodies(registry, budget);
  measureEngine(registry, faces);
  const exporter = url === undefined ? undefined : new OtlpExporter({ url, registry });
  const tracer = new Tracer(exporter);
  const watch = observeFaces(registry, tracer, ['identy', 'playground']);
  measureTrustStore(registry, trust, now);
  measureLicence(registry, observed.licensing);
  return {
    tracer,
    docval: new DocvalObserver(registry, tracer),
    monitoring: { registry, readiness: readinessOf(observed, dataFolder) },
    facesOf: (family) => watch(faces, family),
    close: async () => {
      stopSampling();
      await exporter?.close();
    },
  };
}

function readinessOf(
  { gate, faces, trust, licensing }: Observed,
  dataFolder: string,
): ReadinessCheck[] {
  const when = (ok: boolean, reason: string) => ok ? undefined : reason;
  return [
    { check: 'open', test: () => when(gate.open, 'shutting down') },
    {
      check: 'face-engine',
      test: () => when(faces.ready, 'the networks are not loaded, or no worker is alive'),
    },
    {
      check: 'trust-store',
      test: async () =>
        when(await trust.readable?.() !== false, 'the file cannot be read; see the log'),
    },
    writableFolder('data-folder', dataFolder),
    {
      check: 'records',
      test: () => when(licensing.writable, 'they cannot be stored; see the log'),
    },
  ];
}
