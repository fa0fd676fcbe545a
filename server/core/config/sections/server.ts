/** `[server]`: where it listens, who may call it from a page, how many workers it has. */
import { availableParallelism } from 'node:os';
import { flag, integer, list, text } from '../kinds.ts';
import { addressFault, type Exposure } from '../../access/exposure.ts';
import { Computed, setting, type Values } from '../setting.ts';

/** More workers than this gain nothing on one machine and each holds its own copy of the networks. */
const MAX_WORKERS = 64;

const origin = text('* or http(s)://host[:port]', /^(?:\*|https?:\/\/[^\s/,]+)$/);

export const SERVER = {
  host: setting({
    path: 'server.host',
    kind: text('an address or a host name', /^[^\s/]{1,255}$/),
    default: '127.0.0.1',
    variables: ['GATEHOUSE_HOST'],
    option: 'host',
    about:
      'Address to listen on. The default is this machine alone; any other needs TLS (tls.cert) or a proxy that terminates it (server.insecure_http).',
    beside: (_, values) => addressFault(values as Values & Exposure),
  }),
  port: setting({
    path: 'server.port',
    kind: integer(0, 65535),
    default: 8080,
    variables: ['GATEHOUSE_PORT', 'TOMCAT_HTTP'],
    option: 'port',
    about: 'Port to listen on; 0 lets the system choose.',
  }),
  insecureHttp: setting({
    path: 'server.insecure_http',
    kind: flag(),
    default: false,
    variables: ['GATEHOUSE_INSECURE_HTTP'],
    about:
      'Whether the server may speak HTTP to other machines. Only behind a proxy that terminates TLS, on a network that nobody else is on.',
  }),
  workers: setting({
    path: 'server.workers',
    kind: integer(1, MAX_WORKERS),
    default: new Computed(
      `number of cores, at most ${MAX_WORKERS}`,
      () => Math.min(availableParallelism(), MAX_WORKERS),
    ),
    variables: ['GATEHOUSE_WORKERS'],
    option: 'workers',
    example: '4',
    about: 'Inference workers, one core each. Each holds its own copy of the networks.',
  }),
  corsOrigins: setting({
    path: 'server.cors_origins',
    kind: list('a list of origins, each * or http(s)://host[:port]', origin, 1000),
    default: [],
    variables: ['GATEHOUSE_CORS_ORIGINS'],
    example: '["https://bank.example"]',
    reload: true,
    about:
      'Origins whose pages may call the APIs; "*" is every origin. None: pages of this server only.',
  }),
};
