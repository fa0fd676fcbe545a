/** Progress of long work, one line a step, on stderr. */
import type { BuildProgress } from '../models/mod.ts';
import type { CommandIo } from './command.ts';

/** Shows the steps of a model pack build. */
export function reportProgress(io: CommandIo): (progress: BuildProgress) => void {
  return ({ step, done, total, bytes }) => {
    const megabytes = (bytes / 1e6).toFixed(1).padStart(6);
    io.stderr(`models  ${String(done + 1).padStart(2)}/${total}  ${megabytes} MB  ${step}\n`);
  };
}

/** Shows a share of the work done, at most about once a second. */
export function reportShare(io: CommandIo, label: string): (done: number, total: number) => void {
  const start = performance.now();
  let last = start;
  return (done, total) => {
    const now = performance.now();
    if (now - last < 1000 && done < total) return;
    last = now;
    const leftS = done === 0 ? NaN : (now - start) / done * (total - done) / 1000;
    const left = Number.isFinite(leftS) ? `, ${Math.round(leftS)} s left` : '';
    io.stderr(`${label}  ${(100 * done / total).toFixed(0).padStart(3)} %${left}\n`);
  };
}
