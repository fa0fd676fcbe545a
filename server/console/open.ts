/** Puts together what the console shows, and begins the history behind it. */
import type { Registry } from '../core/metrics/registry.ts';
import { History } from './history.ts';
import { takeReading } from './reading.ts';
import type { ViewDeps } from './views.ts';

interface ViewSources extends Omit<ViewDeps, 'history'> {
  readonly registry: Registry;
}

/** Begins to watch; `close` ends that. */
export function openViews(
  { registry, ...sources }: ViewSources,
): { deps: ViewDeps; close(): void } {
  const history = new History(() => takeReading(registry, sources.pool(), Date.now()));
  return { deps: { ...sources, history }, close: () => history.close() };
}
