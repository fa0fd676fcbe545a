/**
 * The specimen documents of the demonstration and the trust store that vouches for them. All keys are drawn
 * anew for each process, so that nobody else can sign a specimen and no other trust store can know it.
 */
import {
  type Authority,
  type ChipDescription,
  createAuthority,
  type Holder,
  type LineFault,
  personalise,
  type Personalised,
  seededRandom,
  SoftwareChip,
  SPECIMEN_PHOTO,
  specimenHolder,
  usualIssueDay,
} from '../../emrtd/chip/mod.ts';
import { importInto, TrustStore } from '../../emrtd/mod.ts';
import { DAY_MS } from '../core/day.ts';
import { SPECIMEN_IDS, type SpecimenAnswer, type SpecimenId } from './answer.ts';

interface Kind extends Partial<Pick<ChipDescription, 'pace' | 'can' | 'faults'>> {
  readonly chip?: Pick<ChipDescription, 'chipAuthentication' | 'activeAuthentication'>;
  readonly lineFaults?: readonly LineFault[];
  /** Who signed it; default the authority that the demonstration trusts. */
  readonly signedBy?: 'expired' | 'stranger';
}

const CAN = '123456';
/** NIST P-256 as a standardised parameter (9303-11 Table 12). */
const P256 = 12;
const GM: Kind = { pace: [{ mapping: 'GM', parameterId: P256, cipher: 'AES-128' }], can: CAN };
const CA: Kind['chip'] = { chipAuthentication: [{ parameterId: P256, cipher: 'AES-128' }] };

const KINDS: Readonly<Record<SpecimenId, Kind>> = {
  'pace-ca': { ...GM, chip: CA },
  'pace-cam': { pace: [{ mapping: 'CAM', parameterId: P256, cipher: 'AES-128' }], can: CAN },
  'aa-rsa': { chip: { activeAuthentication: { kind: 'rsa', bits: 2048, hash: 'SHA-256' } } },
  'bac': {},
  'cloned': { ...GM, chip: CA, lineFaults: ['ca-cloned'] },
  'tampered-photo': { ...GM, chip: CA, faults: ['tampered-dg2'] },
  'expired-signer': { ...GM, chip: CA, faults: ['expired-ds'], signedBy: 'expired' },
  'stranger': { ...GM, chip: CA, signedBy: 'stranger' },
};

/** The revocation list of a specimen authority ends 90 days after the day of issue. */
const RENEWED_AFTER_MS = 30 * DAY_MS;

/** The holder of all specimens, with a document that ends in five years. */
function holderAt(at: Date): Holder {
  const year = (at.getUTCFullYear() + 5) % 100;
  return { ...specimenHolder('TD3'), dateOfExpiry: `${String(year).padStart(2, '0')}0415` };
}

/** One issue of all documents; they are personalised when they are asked for. */
class Issue {
  readonly issuedMs: number;
  readonly trust: TrustStore;
  readonly holder: Holder;
  readonly #seed = crypto.getRandomValues(new Uint8Array(32)).toHex();
  readonly #authorities: Readonly<Record<'trusted' | 'expired' | 'stranger', Authority>>;
  readonly #personalised = new Map<SpecimenId, Personalised>();

  constructor(at: Date) {
    this.issuedMs = at.getTime();
    this.holder = holderAt(at);
    this.#authorities = {
      trusted: this.#authority('trusted'),
      expired: this.#authority('expired', ['expired-ds']),
      stranger: this.#authority('stranger'),
    };
    const { trusted, expired } = this.#authorities;
    const files = [trusted, expired].flatMap(({ csca, crl }, index) => [
      { name: `specimen-csca-${index + 1}.cer`, bytes: csca.bytes },
      { name: `specimen-csca-${index + 1}.crl`, bytes: crl },
    ]);
    this.trust = importInto(TrustStore.empty, files, { at }).store;
  }

  #description(name: string): ChipDescription {
    return {
      seed: `${this.#seed} ${name}`,
      holder: this.holder,
      photo: SPECIMEN_PHOTO,
      photoWidthPixels: 240,
      photoHeightPixels: 320,
      bac: true,
      issuedAt: usualIssueDay(new Date(this.issuedMs)),
    };
  }

  #authority(name: string, faults: ChipDescription['faults'] = []): Authority {
    return createAuthority({ ...this.#description(name), faults });
  }

  personalised(id: SpecimenId): Personalised {
    const known = this.#personalised.get(id);
    if (known !== undefined) return known;
    const { chip, lineFaults: _, signedBy = 'trusted', ...changes } = KINDS[id];
    const made = personalise(
      { ...this.#description(id), ...changes, ...chip },
      this.#authorities[signedBy],
    );
    this.#personalised.set(id, made);
    return made;
  }
}

export class Specimens {
  readonly #now: () => Date;
  #issue: Issue | undefined;

  constructor(now: () => Date) {
    this.#now = now;
  }

  get #current(): Issue {
    const at = this.#now();
    const age = at.getTime() - (this.#issue?.issuedMs ?? -Infinity);
    if (this.#issue === undefined || age > RENEWED_AFTER_MS) this.#issue = new Issue(at);
    return this.#issue;
  }

  /** The specimen authorities and nothing else. */
  get trust(): TrustStore {
    return this.#current.trust;
  }

  get list(): SpecimenAnswer[] {
    const { documentNumber, dateOfBirth, dateOfExpiry } = this.#current.holder;
    const zone = { documentNumber, dateOfBirth, dateOfExpiry };
    return SPECIMEN_IDS.map((id) => {
      const { can } = KINDS[id];
      return { id, accessKey: can === undefined ? zone : { can } };
    });
  }

  /** A chip as newly put on a reader. */
  insert(id: SpecimenId): SoftwareChip {
    const { document } = this.#current.personalised(id);
    const random = seededRandom(crypto.randomUUID());
    return new SoftwareChip(document, { random, faults: KINDS[id].lineFaults ?? [] });
  }
}
