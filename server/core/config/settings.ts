/** All settings there are. To add one, declare it in the file of its section. */
import { ACCESS } from './sections/access.ts';
import { AUDIT } from './sections/audit.ts';
import { DATA } from './sections/data.ts';
import { DATABASE } from './sections/database.ts';
import { DOCVAL } from './sections/docval.ts';
import { IDENTY } from './sections/identy.ts';
import { INFERENCE } from './sections/inference.ts';
import { KEYS } from './sections/keys.ts';
import { LICENCE } from './sections/licence.ts';
import { LIMITS } from './sections/limits.ts';
import { LOG } from './sections/log.ts';
import { METRICS } from './sections/metrics.ts';
import { MODELS } from './sections/models.ts';
import { SERVER } from './sections/server.ts';
import { TLS } from './sections/tls.ts';
import { TRACING } from './sections/tracing.ts';
import type { InputsOf, Settings, ValuesOf } from './setting.ts';

export const SETTINGS = {
  ...SERVER,
  ...TLS,
  ...ACCESS,
  ...LOG,
  ...LIMITS,
  ...DATA,
  ...DATABASE,
  ...AUDIT,
  ...KEYS,
  ...LICENCE,
  ...MODELS,
  ...INFERENCE,
  ...IDENTY,
  ...DOCVAL,
  ...METRICS,
  ...TRACING,
} satisfies Settings;

export type ServerConfig = ValuesOf<typeof SETTINGS>;
/** Settings by their names in the code, in their own types or as text. */
export type ConfigInput = InputsOf<typeof SETTINGS>;

/** Variables that are no settings of the server: where to look for them, and what cannot wait for them. */
export const OTHER_VARIABLES: Readonly<Record<string, string>> = {
  GATEHOUSE_CONFIG: 'The configuration file.',
  GATEHOUSE_ORT_LIBRARY:
    'Another libonnxruntime.so.1 of the same version, with the libraries of GPU backends beside it. It is loaded before everything else.',
  GATEHOUSE_DOCVAL_CLIENT_ID: 'Client id that "gatehouse chip relay" signs in with.',
};

/** Variables of the replaced product that mean nothing here. */
export const IGNORED_VARIABLES: readonly string[] = ['TOMCAT_SHUTDOWN', 'TOMCAT_AJP'];

/** Variables that begin so are ours, so an unknown one is a mistake. */
export const OWN_PREFIXES: readonly string[] = ['GATEHOUSE_', 'TEMPLATE_ENCRYPTION_'];
