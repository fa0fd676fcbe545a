/** The process itself: version, memory, processor time, and how late its event loop is. */
import { VERSION } from '../version.ts';
import type { Registry } from './registry.ts';

/** Between two looks at the event loop. */
const SAMPLE_MS = 500;
/** Seconds; below the first nobody notices, above the last every deadline is in danger. */
const DELAYS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** @returns ends the sampling */
export function measureProcess(registry: Registry): () => void {
  registry.info(
    { name: 'gatehouse_build_info', help: 'Version of the program and of its runtime.' },
    ['version', 'bun'],
    () => ({ version: VERSION, bun: Bun.version }),
  );
  registry.measured('gauge', {
    name: 'process_start_time_seconds',
    help: 'When the process began, in seconds since 1970 UTC.',
  }, (set) => set({}, performance.timeOrigin / 1000));
  registry.measured('counter', {
    name: 'process_cpu_seconds_total',
    help: 'Processor time of all threads, user and system.',
  }, (set) => {
    const { user, system } = process.cpuUsage();
    set({}, (user + system) / 1e6);
  });
  registry.measured('gauge', {
    name: 'process_resident_memory_bytes',
    help: 'Memory of the process that is in RAM.',
  }, (set) => set({}, process.memoryUsage.rss()));
  registry.measured('gauge', {
    name: 'gatehouse_heap_used_bytes',
    help: 'JavaScript heap of the main thread; pictures and networks lie outside it.',
  }, (set) => set({}, process.memoryUsage().heapUsed));
  const delays = registry.histogram({
    name: 'gatehouse_event_loop_delay_seconds',
    help: `How late a timer of the main thread rings, looked at every ${SAMPLE_MS} ms.`,
  }, DELAYS);
  let expectedMs = performance.now() + SAMPLE_MS;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    delays.observe({}, Math.max(0, nowMs - expectedMs) / 1000);
    expectedMs = nowMs + SAMPLE_MS;
  }, SAMPLE_MS);
  timer.unref();
  return () => clearInterval(timer);
}
