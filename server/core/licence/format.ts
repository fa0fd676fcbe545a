/**
 * What a licence says. It is a JWS (RFC 7515) in compact serialisation, signed with EdDSA (RFC 8037) on
 * Ed25519, with the claims of RFC 7519 where there are some.
 */
import { z } from 'zod';
import { normaliseDomain } from './domains.ts';

/** `typ` of the JWS header. */
export const LICENCE_TYPE = 'gatehouse-licence+jwt';
export const LICENCE_ALGORITHM = 'EdDSA';

/** What can be licensed. */
export const FEATURES = {
  'face-match': 'matchWithSelfie, matchWithPictureId, the compare page',
  'face-capture': 'process; verifyWithPictureId together with face-match',
  'face-liveness': 'face/as, secure/face/as',
  'face-templates': 'face/generateTemplateFromImage',
  'docval': 'DocVal: /ws1/validate, /ws2/validate, /v4/validate',
} as const;
export type Feature = keyof typeof FEATURES;

/** What the ledger calls transactions without a licence. */
export const EVALUATION = 'evaluation';

const Line = z.string().regex(/^[^\p{C}]{1,200}$/u, 'must be one line of 1 to 200 characters');
const Seconds = z.int().min(0).max(253_402_300_799);
const Domain = z.string().max(300).transform((text, context) => {
  const domain = normaliseDomain(text);
  if (domain === undefined) context.addIssue('must be a host, or *. and a host');
  return domain ?? '';
});

/** Unknown claims are refused: one of them may be a limit that this program would not keep. */
export const LicenceSchema = z.strictObject({
  /** Names the licence; it is in every row of the ledger. */
  jti: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 . _ -')
    .refine((id) => id !== EVALUATION, `must not be ${EVALUATION}`),
  /** Who issued it. */
  iss: Line,
  /** The customer. */
  sub: Line,
  /** When it was issued, begins and ends, in seconds since 1970. */
  iat: Seconds,
  nbf: Seconds,
  exp: Seconds,
  /** Days after `exp` on which the server still answers. */
  grace_days: z.int().min(0).max(366),
  /** IDENTY requests must come from one of these; none: from anywhere. */
  domains: z.array(Domain).max(1000),
  /** Names that this program does not know are of other versions. */
  features: z.array(z.string().regex(/^[a-z0-9-]{1,40}$/)).min(1).max(100),
  volume: z.strictObject({
    transactions: z.int().min(1).max(Number.MAX_SAFE_INTEGER),
    /** What `transactions` is for; months and years of UTC. */
    per: z.enum(['licence', 'month', 'year']),
    /** Whether transactions beyond it are refused, or answered and counted. */
    overage: z.enum(['refuse', 'allow']),
  }).optional(),
}).refine(({ nbf, exp }) => nbf < exp, { error: 'must be after nbf', path: ['exp'] });

export type Licence = z.output<typeof LicenceSchema>;
export type Volume = NonNullable<Licence['volume']>;

/** The first thing that is wrong, by the name of the claim. */
export function claimProblem({ issues: [issue] }: z.ZodError): string {
  const keys = issue.code === 'unrecognized_keys' ? ` (${issue.keys.join(', ')})` : '';
  return `${issue.path.join('.') || 'claims'}: ${issue.message}${keys}`;
}
