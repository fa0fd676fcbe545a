/** What request bodies amount to. */
import type { Registry } from '../metrics/registry.ts';
import type { ByteBudget } from './body.ts';

export function measureBodies(registry: Registry, budget: ByteBudget): void {
  registry.measured('counter', {
    name: 'gatehouse_http_request_body_bytes_total',
    help: 'Bytes of request bodies that were read.',
  }, (set) => set({}, budget.takenBytes));
  registry.measured('gauge', {
    name: 'gatehouse_http_request_body_held_bytes',
    help: 'Bytes of request bodies in memory now.',
  }, (set) => set({}, budget.heldBytes));
}
