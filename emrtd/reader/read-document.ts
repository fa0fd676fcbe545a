/**
 * The whole procedure of an inspection system in the order of the DocVal specification: access (9303-11
 * 4.2), EF.COM, EF.SOD, chip authentication, active authentication, data groups, passive authentication.
 */
import type { AccessMethod, CamEvidence, CardAccess } from '../access/mod.ts';
import { CHALLENGE_BYTES } from '../auth/active-authentication.ts';
import { chipAuthenticationChoices } from '../auth/chip-authentication.ts';
import { passiveAuthentication, type PassiveResult } from '../auth/passive.ts';
import { EmrtdError } from '../errors.ts';
import { dataGroupFile, EF_COM, EF_SOD, type FileId, Session, SW } from '../iso7816/mod.ts';
import {
  type Com,
  type DataGroups,
  type Dg15,
  parseCom,
  type Parsed,
  parseDataGroups,
  parseDg14,
  parseDg15,
  type SecurityInfos,
} from '../lds/mod.ts';
import { discoverLengths } from './apdu-lengths.ts';
import { unconfirmedProtocols } from './card-access.ts';
import { mappingProof } from './card-security.ts';
import { ChipConnection } from './chip-connection.ts';
import {
  activeAuthenticationProof,
  type ActiveAuthenticationResult,
  chipAuthenticationProof,
  runActiveAuthentication,
} from './chip-proofs.ts';
import { announcedGroups, chosenGroups, DEFAULT_GROUPS } from './choose-groups.ts';
import type { ReaderFinding } from './finding.ts';
import { DEFAULT_MAX_RECONNECTS, DEFAULT_STEP_TIMEOUT_MS, type ReadOptions } from './options.ts';
import { checked, type ChipProof, unavailable } from './proof.ts';
import type { DocumentResult } from './result.ts';
import { type ReadStep, StepRunner } from './steps.ts';

/** One reading of one document: what was read so far and what is still open. */
class Reading {
  readonly #options: ReadOptions;
  readonly #session: Session;
  readonly #steps: StepRunner;
  readonly #connection: ChipConnection;
  readonly #findings: ReaderFinding[] = [];
  readonly #groups = new Map<number, Uint8Array>();
  #access: AccessMethod = { protocol: 'none' };
  #cam: CamEvidence | undefined;
  #cardAccess: CardAccess | undefined;
  #cardSecurity: Uint8Array | undefined;
  #com: Uint8Array | undefined;
  #sod: Uint8Array | undefined;
  #infos: SecurityInfos | undefined;
  #key: Dg15 | undefined;
  #active: ActiveAuthenticationResult = { kind: 'not-offered' };
  #complete = true;

  constructor(options: ReadOptions, session: Session) {
    const { clock, onEvent, limits, random, password, fileAccess = 'select' } = options;
    const timeoutMs = limits?.stepTimeoutMs ?? DEFAULT_STEP_TIMEOUT_MS;
    const maxReconnects = limits?.maxReconnects ?? DEFAULT_MAX_RECONNECTS;
    this.#options = options;
    this.#session = session;
    this.#steps = new StepRunner({ session, clock, timeoutMs, onEvent });
    this.#connection = new ChipConnection({ session, password, random, fileAccess, maxReconnects });
  }

  async run(): Promise<DocumentResult> {
    await this.#open();
    this.#com = await this.#read('READ_COM', EF_COM);
    this.#sod = await this.#read('READ_SOD', EF_SOD);
    const com = this.#parse('EF.COM', this.#com, parseCom);
    const announced = announcedGroups(com, this.#sod, this.#findings);
    await this.#authenticateChip(announced);
    await this.#authenticateActively(announced);
    const { groups = DEFAULT_GROUPS, skipImages = false } = this.#options;
    for (const group of chosenGroups(announced, groups, skipImages)) {
      await this.#readGroup(`READ_DG${group}` as ReadStep, group);
    }
    const passive = await this.#steps.run(
      'PASSIVE_AUTHENTICATION',
      () => this.#authenticatePassively(),
      ({ authentic }) => !authentic,
    );
    const result = this.#result(passive, com);
    this.#steps.announce('DONE');
    return result;
  }

  async #open(): Promise<void> {
    const { extendedLength, maxResponseBytes } = this.#options;
    if (extendedLength === true && maxResponseBytes === undefined) {
      await this.#steps.run('READ_ATR_INFO', () => discoverLengths(this.#session));
    }
    const opened = await this.#steps.run('ACCESS_CONTROL', () => this.#connection.open());
    this.#access = opened.method;
    this.#cam = opened.cam;
    this.#cardAccess = opened.cardAccess;
    if (opened.fallback !== undefined) this.#note('EF.CardAccess', 'fallback', opened.fallback);
    const { cardSecurity } = opened;
    if (cardSecurity instanceof EmrtdError) this.#noteFile('EF.CardSecurity', cardSecurity);
    else this.#cardSecurity = cardSecurity;
  }

  /** A step that may fail without ending the reading: undefined and a finding. */
  async #optional<T>(step: ReadStep, file: string, body: () => Promise<T>): Promise<T | undefined> {
    try {
      return await this.#steps.run(step, body);
    } catch (error) {
      if (!(error instanceof EmrtdError) || this.#session.failure !== undefined) throw error;
      this.#noteFile(file, error);
      return undefined;
    }
  }

  #noteFile(file: string, error: EmrtdError): void {
    const absent = error.code === 'FILE_NOT_FOUND' || error.statusWord === SW.FILE_NOT_FOUND;
    this.#note(file, absent ? 'absent' : 'unreadable', error.message);
  }

  #note(file: string, code: ReaderFinding['code'], message: string): void {
    this.#findings.push({ file, code, message });
  }

  #read(step: ReadStep, file: FileId): Promise<Uint8Array | undefined> {
    return this.#optional(step, file.name, () => this.#connection.readFile(file));
  }

  async #readGroup(step: ReadStep, group: number): Promise<Uint8Array | undefined> {
    const bytes = await this.#read(step, dataGroupFile(group));
    if (bytes === undefined) this.#complete = false;
    else this.#groups.set(group, bytes);
    return bytes;
  }

  /** Parsed contents; a file that cannot be parsed is a finding. */
  #parse<T>(
    file: string,
    bytes: Uint8Array | undefined,
    parse: (bytes: Uint8Array) => Parsed<T>,
  ): T | undefined {
    if (bytes === undefined) return undefined;
    try {
      const { data, findings } = parse(bytes);
      this.#findings.push(...findings);
      return data;
    } catch (error) {
      if (!(error instanceof EmrtdError)) throw error;
      this.#note(file, 'malformed', error.message);
      return undefined;
    }
  }

  async #authenticateChip(announced: ReadonlySet<number>): Promise<void> {
    if (!announced.has(14)) return;
    const bytes = await this.#readGroup('READ_DG14', 14);
    const infos = this.#parse('DG14', bytes, parseDg14);
    this.#infos = infos;
    if (infos === undefined || chipAuthenticationChoices(infos).length === 0) return;
    await this.#steps.run(
      'CHIP_AUTHENTICATION',
      () => this.#connection.authenticateChip(infos),
      () => this.#connection.chipAuthentication === 'failed',
    );
  }

  async #authenticateActively(announced: ReadonlySet<number>): Promise<void> {
    if (!announced.has(15)) return;
    const bytes = await this.#readGroup('READ_DG15', 15);
    const key = this.#parse('DG15', bytes, parseDg15);
    this.#key = key;
    if (key === undefined) return;
    this.#active = await this.#steps.run(
      'ACTIVE_AUTHENTICATION',
      () => {
        const challenge = this.#options.random(CHALLENGE_BYTES);
        return runActiveAuthentication(
          this.#connection,
          this.#session,
          key.publicKey,
          this.#infos,
          challenge,
        );
      },
      (result) => result.kind === 'signature' && result.check.status === 'failed',
    );
  }

  #authenticatePassively(): PassiveResult {
    const { trust, clock, revocation } = this.#options;
    return passiveAuthentication({
      sod: this.#sod ?? new Uint8Array(0),
      groups: this.#groups,
      trust,
      at: clock(),
      ...(revocation === undefined ? {} : { revocation }),
    });
  }

  /** Contents of all groups; those of DG14 and DG15 are known already. */
  #parsedGroups(): DataGroups {
    const others = new Map([...this.#groups].filter(([group]) => group !== 14 && group !== 15));
    const { groups, findings } = parseDataGroups(others);
    this.#findings.push(...findings);
    return {
      ...groups,
      ...(this.#infos && { dg14: this.#infos }),
      ...(this.#key && { dg15: this.#key }),
    };
  }

  #mapping(): ChipProof {
    const name = 'chip-authentication-mapping';
    if (this.#cam !== undefined) {
      const { trust, clock } = this.#options;
      return mappingProof(this.#cam, this.#cardSecurity, trust, clock());
    }
    return unavailable(name, 'PACE with chip authentication mapping was not used');
  }

  #result(passive: PassiveResult, com: Com | undefined): DocumentResult {
    const groups = this.#parsedGroups();
    this.#findings.push(...passive.findings);
    if (this.#infos !== undefined) {
      for (const difference of unconfirmedProtocols(this.#cardAccess?.infos, this.#infos)) {
        this.#note('EF.CardAccess', 'unconfirmed', difference);
      }
    }
    const { reconnects } = this.#connection;
    if (reconnects > 0) this.#note('chip', 'reconnected', `access was given again ${reconnects}x`);
    const chip = chipAuthenticationProof(this.#connection, this.#infos, passive);
    const mapping = this.#mapping();
    const active = activeAuthenticationProof(this.#active, passive);
    const parsed = [...this.#groups.keys()].every((group) => `dg${group}` in groups);
    return {
      access: this.#access,
      files: {
        ...(this.#com && { com: this.#com }),
        ...(this.#sod && { sod: this.#sod }),
        ...(this.#cardAccess && { cardAccess: this.#cardAccess.bytes }),
        ...(this.#cardSecurity && { cardSecurity: this.#cardSecurity }),
        groups: this.#groups,
      },
      ...(com && { com }),
      groups,
      complete: this.#complete && parsed && this.#sod !== undefined,
      passiveAuthentication: passive,
      chipAuthentication: chip,
      chipAuthenticationMapping: mapping,
      activeAuthentication: active,
      checks: [
        accessCheck(this.#access),
        ...chip.checks,
        ...mapping.checks,
        ...active.checks,
        ...passive.signature.checks,
        ...passive.chain.checks,
        ...passive.hashes.checks,
      ],
      findings: this.#findings,
      statistics: { ...this.#session.statistics, reconnects },
    };
  }
}

function accessCheck(access: AccessMethod) {
  const open = access.protocol === 'none';
  const how = access.protocol === 'PACE'
    ? `PACE ${access.info.mapping} ${access.info.cipher} ${access.domainName}`
    : access.protocol;
  return checked('access', !open, how, 'the chip gives its files without access control');
}

/**
 * Reads and judges a document. Problems of single files are findings, failed proofs are failed checks; an
 * EmrtdError with the step is thrown when access is not given (ACCESS_*), the line breaks or hangs
 * (TRANSCEIVE_FAILED, TIMEOUT), a limit is passed (LIMIT_EXCEEDED) or the caller aborts (CANCELLED). The
 * session is closed in every case and nothing of the holder is kept.
 */
export async function readDocument(options: ReadOptions): Promise<DocumentResult> {
  const { transceiver, limits, signal, extendedLength, maxCommandBytes, maxResponseBytes } =
    options;
  const session = new Session({
    transceiver,
    extendedLength: extendedLength ?? false,
    ...(limits && { limits }),
    ...(signal && { signal }),
    ...(maxCommandBytes !== undefined && { maxCommandBytes }),
    ...(maxResponseBytes !== undefined && { maxResponseBytes }),
  });
  try {
    return await new Reading(options, session).run();
  } finally {
    session.close();
  }
}
