/** `[tracing]`: where spans go. */
import { z } from 'zod';
import { type Kind, optional } from '../kinds.ts';
import { setting } from '../setting.ts';

const MAX_CHARACTERS = 2048;

/** Without user and password, which would have no place to be kept out of sight. */
const collector: Kind<string, string> = {
  words: 'an http or https URL without user and password',
  schema: z.string().max(MAX_CHARACTERS).refine((text) => {
    const url = URL.parse(text);
    return url !== null && /^https?:$/.test(url.protocol) && url.username + url.password === '';
  }),
};

export const TRACING = {
  tracingOtlpUrl: setting({
    path: 'tracing.otlp_url',
    kind: optional(collector),
    default: undefined,
    variables: ['GATEHOUSE_TRACING_OTLP_URL'],
    example: '"http://127.0.0.1:4318/v1/traces"',
    about:
      'Collector that spans of requests are posted to, as OTLP/HTTP in JSON. Without it none are recorded.',
  }),
};
