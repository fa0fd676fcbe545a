/** `gatehouse license issue`: writes a licence as the `lic_config.json` that the customer puts in place. */
import { DAY_MS } from '../../server/core/day.ts';
import {
  claimProblem,
  FEATURES,
  LICENCE_TYPE,
  LicenceSchema,
} from '../../server/core/licence/format.ts';
import { hostOf, licensedDomain } from '../../server/core/licence/domains.ts';
import {
  type CommandIo,
  EXIT,
  FLAG,
  readArgs,
  table,
  TEXT,
  TEXTS,
  UsageError,
} from '../command.ts';
import { readDay } from '../read-time.ts';
import { readVendorKey, signAsVendor } from './vendor-key.ts';

export const help =
  `Usage: gatehouse license issue --key FILE --customer NAME --expires DAY [options]

Signs a licence and writes it as lic_config.json. Days are those of UTC.

  --key FILE       private key of the vendor, as "license keygen" makes it
  --customer NAME  who may use it
  --expires DAY    last day, such as 2027-12-31
  --begins DAY     first day; default now
  --grace DAYS     days after the last one on which the server still answers; default 0
  --domain NAME    domain that IDENTY requests must come from: app.example.org, or *.example.org for all
                   below it; may be repeated; default any
  --feature NAME   may be repeated; default all of
${
    Object.entries(FEATURES).map(([name, what]) =>
      `                     ${name.padEnd(15)} ${what}`
    ).join('\n')
  }
  --volume N       transactions; default without limit
  --per PERIOD     what they are for: licence (the default), year or month
  --overage WHAT   beyond them: refuse (the default) or allow, which counts them
  --issuer NAME    the vendor; default Gatehouse
  --id ID          of the licence; default drawn at random
  --url DOMAIN     "url" of the file; default the first domain without *, needed without one
  --out FILE       where to write; default the standard output
  --json           one JSON object with the claims; needs --out
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, {
    key: TEXT,
    customer: TEXT,
    expires: TEXT,
    begins: TEXT,
    grace: { type: 'string', default: '0' },
    domain: TEXTS,
    feature: { type: 'string', multiple: true, default: Object.keys(FEATURES) },
    volume: TEXT,
    per: TEXT,
    overage: TEXT,
    issuer: { type: 'string', default: 'Gatehouse' },
    id: { type: 'string', default: crypto.randomUUID() },
    url: TEXT,
    out: TEXT,
    json: FLAG,
  }, 0);
  if (values.customer === undefined || values.expires === undefined) {
    throw new UsageError('license issue needs --customer and --expires');
  }
  if (values.volume === undefined && (values.per ?? values.overage) !== undefined) {
    throw new UsageError('--per and --overage say more about a --volume');
  }
  if (values.json && values.out === undefined) throw new UsageError('--json needs --out');
  const unknown = values.feature.find((name) => !Object.hasOwn(FEATURES, name));
  if (unknown !== undefined) throw new UsageError(`--feature ${unknown}: no such feature`);
  const now = Math.floor(Date.now() / 1000);
  const licence = LicenceSchema.safeParse({
    jti: values.id,
    iss: values.issuer,
    sub: values.customer,
    iat: now,
    nbf: values.begins === undefined ? now : readDay('--begins', values.begins) / 1000,
    exp: (readDay('--expires', values.expires) + DAY_MS) / 1000,
    grace_days: wholeNumber('--grace', values.grace),
    domains: values.domain,
    features: values.feature,
    ...(values.volume !== undefined && {
      volume: {
        transactions: wholeNumber('--volume', values.volume),
        per: values.per ?? 'licence',
        overage: values.overage ?? 'refuse',
      },
    }),
  });
  if (!licence.success) throw new UsageError(claimProblem(licence.error));
  const claims = licence.data;
  const url = values.url ?? claims.domains.find((domain) => !domain.startsWith('*.'));
  const host = url === undefined ? undefined : hostOf(url);
  if (url === undefined || host === undefined) {
    throw new UsageError('--url names the domain that the customer uses');
  }
  if (claims.domains.length > 0 && licensedDomain(claims.domains, host) === undefined) {
    throw new UsageError(`--url ${url}: none of the domains`);
  }
  const license = await signAsVendor(await readVendorKey(values.key), claims, LICENCE_TYPE);
  const text = JSON.stringify({ face: { url, license } }, undefined, 2) + '\n';
  if (values.out === undefined) io.stdout(text);
  else {
    await Bun.write(values.out, text);
    io.stdout(
      values.json
        ? JSON.stringify(claims) + '\n'
        : table([['licence', claims.jti], ['written', values.out]]),
    );
  }
  return EXIT.ok;
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new UsageError(`${option} ${text}: not a whole number`);
}
