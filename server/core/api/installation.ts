/** The endpoints that tell of the installation itself, as `/openapi.json` and `/docs` describe them. */
import { z } from 'zod';
import { BACKENDS } from '../../../biometrics/runtime/backend.ts';
import { API_KEY, type Operation, type OperationGroup } from './operation.ts';

const JSON_TYPE = 'application/json';

const Readiness = z.object({
  ready: z.boolean(),
  checks: z.array(z.object({
    check: z.string(),
    status: z.enum(['passed', 'failed']),
    reason: z.string().describe('Empty when it passed.'),
  })),
}).meta({ id: 'Readiness' });

const Rate = z.number().min(0).max(1);

const Capabilities = z.object({
  ready: z.literal(true),
  backend: z.enum(BACKENDS).describe('What the networks run on.'),
  backends: z.array(z.object({
    name: z.enum(BACKENDS),
    available: z.boolean().nullable().describe('null when it was not tried.'),
    reason: z.string().describe('What speaks for it or against it.'),
  })),
  pack: z.object({
    name: z.string(),
    version: z.string(),
    signed: z.boolean().describe('By a key that this installation trusts.'),
  }).describe('The model pack in use.'),
  matching: z.object({
    data: z.string().describe('What the calibration was made on.'),
    working_points: z.array(z.object({
      fmr: Rate.describe('False match rate.'),
      fnmr: Rate.describe('False non-match rate.'),
      extrapolated: z.boolean().describe('Beyond what the run could show.'),
    })),
  }),
  liveness: z.object({
    evidence: z.enum(['real', 'synthetic']).describe('Whether attacks were recorded or computed.'),
    data: z.string().describe('What the calibration was made on.'),
    levels: z.array(z.object({
      level: z.string(),
      supported: z.boolean(),
      reason: z.string(),
      target_apcer: Rate.describe('Largest share of attacks that may pass.'),
      bpcer: Rate.describe('Share of bona fide presentations that are refused.'),
    })),
  }).nullable().describe('null where the pack is not calibrated for it.'),
  quality: z.boolean().describe('Whether quality is rated.'),
}).meta({ id: 'Capabilities' });

const JwkSet = z.object({
  keys: z.array(z.looseObject({ kid: z.string(), kty: z.string(), alg: z.string() })),
}).meta({ id: 'JwkSet' });

function get(operation: Omit<Operation, 'method' | 'takes'>): Operation {
  return { method: 'get', takes: [], ...operation };
}

function answer(status: number, description: string, mediaType: string, schema: z.ZodType) {
  return { status, description, contents: [{ mediaType, schema }] };
}

export const installationOperations: OperationGroup = {
  name: 'Installation',
  description: 'What this server can do, and how it is.',
  operations: [
    get({
      id: 'capabilities',
      path: '/capabilities',
      summary: 'What is supported, and on what evidence',
      description:
        'Error rates and levels of the model pack in use, with the reasons for what is ' +
        'not supported.',
      gives: [
        answer(200, 'The face engine is ready.', JSON_TYPE, Capabilities),
        answer(503, 'It is not ready yet.', JSON_TYPE, z.object({ ready: z.literal(false) })),
      ],
    }),
    get({
      id: 'jwks',
      path: '/.well-known/jwks.json',
      summary: 'The keys that signed results are checked with',
      description: 'A JWK set (RFC 7517).',
      gives: [answer(200, 'The public keys.', 'application/jwk-set+json', JwkSet)],
    }),
    get({
      id: 'healthz',
      path: '/healthz',
      summary: 'Whether the process answers',
      description: 'For liveness probes.',
      gives: [answer(200, 'It does.', JSON_TYPE, z.object({ alive: z.literal(true) }))],
    }),
    get({
      id: 'readyz',
      path: '/readyz',
      summary: 'Whether the server can take work',
      description: 'For readiness probes; each check is named.',
      gives: [
        answer(200, 'Every check passed.', JSON_TYPE, Readiness),
        answer(503, 'At least one failed.', JSON_TYPE, Readiness),
      ],
    }),
    get({
      id: 'metrics',
      path: '/metrics',
      summary: 'Counters and timings for Prometheus',
      description:
        'Here for callers on the same machine and for those with an API key for `metrics`, ' +
        'unless `metrics.listen` names another address; to others the path does not exist.',
      headers: [API_KEY],
      gives: [
        answer(200, 'Text format 0.0.4, or OpenMetrics.', 'text/plain', z.string()),
        { status: 401, description: 'The API key is not valid.', contents: [] },
        { status: 403, description: 'The API key is not for metrics.', contents: [] },
        { status: 429, description: 'More often than the API key allows.', contents: [] },
      ],
    }),
  ],
};
