/** `[metrics]`: who may see what the server has done. */
import { z } from 'zod';
import { parseAddress } from '../../http/address.ts';
import type { Kind } from '../kinds.ts';
import { setting } from '../setting.ts';

const place: Kind<string, string> = {
  words: 'local, off or HOST:PORT',
  schema: z.string().refine((text) =>
    text === 'local' || text === 'off' || parseAddress(text) !== undefined
  ),
};

export const METRICS = {
  metricsListen: setting({
    path: 'metrics.listen',
    kind: place,
    default: 'local',
    variables: ['GATEHOUSE_METRICS_LISTEN'],
    about:
      'Where /metrics is: "local" on the port of the APIs, for requests that come from this machine and through no proxy; HOST:PORT on a listener of its own, with /healthz and /readyz, and nowhere else; "off" nowhere. Behind a proxy on the same machine every request comes from this machine: name a listener there.',
  }),
};
