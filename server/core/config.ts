/**
 * The settings of the server: environment variables first, command-line overrides on top, checked once
 * at start-up. An error names the variable as the operator wrote it.
 */
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { ServerError } from './errors.ts';

function integer(min: number, max: number) {
  return z.union([z.number(), z.string().regex(/^\d{1,15}$/, 'must be a whole number')])
    .transform(Number)
    .pipe(z.int().min(min).max(max));
}

const Origin = z.string().regex(
  /^(?:\*|https?:\/\/[^\s/,]+)$/,
  'must be * or http(s)://host[:port]',
);
const list = (value: unknown): unknown =>
  typeof value === 'string' ? value.split(',').map((part) => part.trim()).filter(Boolean) : value;

/** More workers than this gain nothing on one machine and each holds its own copy of the networks. */
const MAX_WORKERS = 64;

/** A worker takes about 20 pictures a second, so the last in a full queue waits under two seconds. */
const QUEUED_PER_WORKER = 32;

const ConfigSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: integer(0, 65535).default(8080),
  logLevel: z.string().transform((level) => level.toLowerCase().replace(/^warning$/, 'warn'))
    .pipe(z.enum(['debug', 'info', 'warn', 'error'])).default('info'),
  workers: integer(1, MAX_WORKERS).default(() => Math.min(availableParallelism(), MAX_WORKERS)),
  /** Pictures that may wait for a worker; default 32 x workers. */
  queueLimit: integer(1, 100_000).optional(),
  bodyLimitBytes: integer(1024, 2 ** 30).default(16 * 2 ** 20),
  /** Request bodies held in memory at one time, all requests together. */
  bodyBudgetBytes: integer(1024, 2 ** 36).default(256 * 2 ** 20),
  bodyTimeoutMs: integer(100, 3_600_000).default(30_000),
  /** Stays below the longest silence Bun allows on a connection, 255 s. */
  deadlineMs: integer(100, 240_000).default(30_000),
  drainMs: integer(0, 3_600_000).default(30_000),
  corsOrigins: z.preprocess(list, z.array(Origin)).default([]),
  /** File that names the clients of DocVal and their result servers. */
  docvalClients: z.string().min(1).optional(),
  /** The demonstration with specimen chips; `auto`: only where the server listens on this machine alone. */
  docvalDemo: z.enum(['auto', 'on', 'off'], 'must be auto, on or off').default('auto'),
  /** Whether generated templates are encrypted, and the RSA public key of the integrator. */
  templateEncryption: z.union([
    z.boolean(),
    z.string().toLowerCase().pipe(z.enum(['true', 'false'], 'must be true or false'))
      .transform((text) => text === 'true'),
  ]).default(false),
  templateEncryptionKey: z.string().min(1).optional(),
});

export type ConfigInput = z.input<typeof ConfigSchema>;
export type ServerConfig = Omit<z.output<typeof ConfigSchema>, 'queueLimit'> & {
  readonly queueLimit: number;
};

/** Setting -> environment variables that set it, the first one present wins. */
const VARIABLES: Record<keyof ConfigInput, readonly string[]> = {
  host: ['GATEHOUSE_HOST'],
  port: ['GATEHOUSE_PORT', 'TOMCAT_HTTP'],
  logLevel: ['LOG_LEVEL'],
  workers: ['GATEHOUSE_WORKERS'],
  queueLimit: ['GATEHOUSE_QUEUE_LIMIT'],
  bodyLimitBytes: ['GATEHOUSE_BODY_LIMIT_BYTES'],
  bodyBudgetBytes: ['GATEHOUSE_BODY_BUDGET_BYTES'],
  bodyTimeoutMs: ['GATEHOUSE_BODY_TIMEOUT_MS'],
  deadlineMs: ['GATEHOUSE_DEADLINE_MS'],
  drainMs: ['GATEHOUSE_DRAIN_MS'],
  corsOrigins: ['GATEHOUSE_CORS_ORIGINS'],
  docvalClients: ['GATEHOUSE_DOCVAL_CLIENTS'],
  docvalDemo: ['GATEHOUSE_DOCVAL_DEMO'],
  templateEncryption: ['TEMPLATE_ENCRYPTION_ENABLED'],
  templateEncryptionKey: ['TEMPLATE_ENCRYPTION_KEY'],
};

/**
 * Settings from `env`, with `overrides` on top (undefined ones ignored; an empty variable counts as unset).
 * @throws ServerError CONFIG_INVALID naming each wrong setting by the variable or option that set it.
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>>,
  overrides: ConfigInput = {},
): ServerConfig {
  const input: Record<string, unknown> = {};
  const setBy = new Map<string, string>();
  for (const [setting, variables] of Object.entries(VARIABLES)) {
    const variable = variables.find((name) => (env[name] ?? '') !== '');
    if (variable !== undefined) {
      input[setting] = env[variable];
      setBy.set(setting, variable);
    }
  }
  for (const [setting, value] of Object.entries(overrides)) {
    if (value !== undefined) {
      input[setting] = value;
      setBy.set(setting, `option ${setting}`);
    }
  }
  const parsed = ConfigSchema.safeParse(input);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => {
      const setting = String(issue.path[0] ?? '');
      const reason = issue.code === 'invalid_union' ? 'must be a whole number' : issue.message;
      return `${setBy.get(setting) ?? setting}: ${reason}`;
    });
    throw new ServerError('CONFIG_INVALID', wrong.join('; '));
  }
  const config = parsed.data;
  return { ...config, queueLimit: config.queueLimit ?? config.workers * QUEUED_PER_WORKER };
}
