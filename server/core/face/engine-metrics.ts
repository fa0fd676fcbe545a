/** What the face engine and its worker pool tell of themselves. */
import type { PoolStatus } from '../inference/pool.ts';
import type { Registry } from '../metrics/registry.ts';
import type { FaceEngineInfo } from './engine.ts';

/** The engine as far as it is measured. */
export interface MeasuredEngine {
  readonly ready: boolean;
  readonly info?: FaceEngineInfo | undefined;
  readonly status?: PoolStatus;
}

export function measureEngine(registry: Registry, engine: MeasuredEngine): void {
  registry.measured('gauge', {
    name: 'gatehouse_face_engine_ready',
    help: 'Whether pictures are taken: 1 or 0.',
  }, (set) => set({}, engine.ready ? 1 : 0));
  registry.measured('gauge', {
    name: 'gatehouse_inference_queue_length',
    help: 'Pictures that wait for a worker.',
  }, (set) => set({}, engine.status?.queued ?? 0));
  registry.measured('gauge', {
    name: 'gatehouse_inference_workers',
    help: 'Workers by what they do; written off are those that hang.',
    labels: { state: ['idle', 'busy', 'written_off'] },
  }, (set) => {
    const { live, busy, writtenOff } = engine.status ?? { live: 0, busy: 0, writtenOff: 0 };
    set({ state: 'idle' }, live - busy);
    set({ state: 'busy' }, busy);
    set({ state: 'written_off' }, writtenOff);
  });
  registry.measured('counter', {
    name: 'gatehouse_inference_worker_restarts_total',
    help: 'Workers that were started in the place of one that died, hung or was refused.',
  }, (set) => set({}, engine.status?.restarts ?? 0));
  registry.info(
    { name: 'gatehouse_model_pack_info', help: 'The model pack in use.' },
    ['name', 'version', 'signed'],
    () => {
      const pack = engine.info?.pack;
      return pack && { name: pack.name, version: pack.version, signed: String(pack.signed) };
    },
  );
}
