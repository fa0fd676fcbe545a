/** A licence from the text of a file to claims that are known to be the vendor's. */
import { compactVerify, decodeProtectedHeader } from 'jose';
import { z } from 'zod';
import { ServerError } from '../errors.ts';
import { hostOf, licensedDomain } from './domains.ts';
import {
  claimProblem,
  type Licence,
  LICENCE_ALGORITHM,
  LICENCE_TYPE,
  LicenceSchema,
} from './format.ts';
import { openVendorKeys, type VendorKeys } from './vendor-keys.ts';

const MAX_TEXT = 262_144;
const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/** `lic_config.json` of the IDENTY Web Server ("Step-by-Step guide to deploy IDENTY Web Server"). */
const LicConfigSchema = z.object({
  face: z.object({
    /** One of the licensed domains. */
    url: z.string().max(2048),
    license: z.string(),
  }),
});

export interface LicenceSettings {
  /** The `lic_config.json`. */
  readonly licenceFile: string | undefined;
  /** Files with public keys of vendors. */
  readonly licenceKeys: readonly string[];
}

/** @param name stands for the file in messages */
function invalid(name: string, reason: string): ServerError {
  return new ServerError('CONFIG_INVALID', `${name}: ${reason}`);
}

/**
 * The JWS of a licence, which may be wrapped in Base64 as the documented field is.
 * @returns undefined when the text is neither
 */
export function licenceToken(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.length > MAX_TEXT) return undefined;
  if (COMPACT.test(trimmed)) return trimmed;
  try {
    const inner = new TextDecoder().decode(Uint8Array.fromBase64(trimmed)).trim();
    return COMPACT.test(inner) ? inner : undefined;
  } catch {
    return undefined;
  }
}

/** Claims that nobody has checked the signature of. @throws ServerError CONFIG_INVALID */
export function readClaims(payload: Uint8Array, name: string): Licence {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    throw invalid(name, 'the licence is no JSON');
  }
  const parsed = LicenceSchema.safeParse(json);
  if (!parsed.success) throw invalid(name, `licence, ${claimProblem(parsed.error)}`);
  return parsed.data;
}

/**
 * Checks who signed a licence and what it says; not whether its time has come.
 * @throws ServerError CONFIG_INVALID
 */
export async function verifyLicence(
  text: string,
  keys: VendorKeys,
  name: string,
): Promise<Licence> {
  const token = licenceToken(text);
  if (token === undefined) throw invalid(name, 'this is no licence of Gatehouse');
  let header;
  try {
    header = decodeProtectedHeader(token);
  } catch {
    throw invalid(name, 'this is no licence of Gatehouse');
  }
  if (header.typ !== LICENCE_TYPE) throw invalid(name, 'this is no licence of Gatehouse');
  if (keys.size === 0) {
    const how = 'name the public key that came with the licence in licence.keys';
    throw invalid(name, `no vendor of licences is known: ${how}`);
  }
  const key = typeof header.kid === 'string' ? keys.get(header.kid) : undefined;
  if (key === undefined) throw invalid(name, 'the licence is signed with an unknown key');
  let payload: Uint8Array;
  try {
    ({ payload } = await compactVerify(token, key, { algorithms: [LICENCE_ALGORITHM] }));
  } catch {
    throw invalid(name, 'the signature of the licence does not hold');
  }
  return readClaims(payload, name);
}

/**
 * The licence of a `lic_config.json`.
 * @throws ServerError CONFIG_INVALID
 */
export async function readLicConfig(
  text: string,
  keys: VendorKeys,
  name: string,
): Promise<Licence> {
  const { face } = parseLicConfig(text, name);
  const licence = await verifyLicence(face.license, keys, `${name}: face.license`);
  const host = hostOf(face.url);
  if (host === undefined) throw invalid(name, 'face.url: must be a domain');
  if (licence.domains.length > 0 && licensedDomain(licence.domains, host) === undefined) {
    const domains = licence.domains.join(', ');
    throw invalid(name, `face.url: ${host} is not licensed; the licence is for ${domains}`);
  }
  return licence;
}

/** @throws ServerError CONFIG_INVALID */
export function parseLicConfig(text: string, name: string): z.output<typeof LicConfigSchema> {
  let json: unknown;
  try {
    json = JSON.parse(text.slice(0, MAX_TEXT));
  } catch {
    throw invalid(name, 'not JSON; expected {"face": {"url": DOMAIN, "license": LICENCE}}');
  }
  const parsed = LicConfigSchema.safeParse(json);
  if (!parsed.success) throw invalid(name, claimProblem(parsed.error));
  return parsed.data;
}

/**
 * The licence that the settings name; undefined where they name none.
 * @throws ServerError CONFIG_INVALID
 */
export async function openLicence(
  { licenceFile: path, licenceKeys }: LicenceSettings,
): Promise<Licence | undefined> {
  if (path === undefined) return undefined;
  const file = Bun.file(path);
  if (!(await file.exists())) {
    throw new ServerError('CONFIG_INVALID', `licence.file ${path}: does not exist`);
  }
  const keys = await openVendorKeys(licenceKeys);
  return await readLicConfig(await file.text(), keys, `licence.file ${path}`);
}
