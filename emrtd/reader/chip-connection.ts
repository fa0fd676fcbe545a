/**
 * An opened document that stays open: real documents lose their secure messaging at a read they do not
 * like, so access is given again and the read repeated in shorter blocks, a limited number of times.
 */
import { type AccessPassword, enterApplication, openChip, type OpenedChip } from '../access/mod.ts';
import { authenticateChip } from '../auth/chip-authentication.ts';
import { EmrtdError } from '../errors.ts';
import {
  EF_CARD_SECURITY,
  type FileAccess,
  type FileId,
  readFile,
  type Session,
  SW,
} from '../iso7816/mod.ts';
import type { SecurityInfos } from '../lds/mod.ts';
import type { SecureChannel } from '../messaging/mod.ts';
import type { Random } from '../types.ts';

/** Chip authentication as it stands: `unproven` until a protected answer has come with the new keys. */
export type ChipAuthenticationState = 'not-done' | 'unproven' | 'proven' | 'failed';

/** An opened chip with its application entered. */
export interface OpenedDocument extends OpenedChip {
  /** With chip authentication mapping; an error when the file could not be read. */
  cardSecurity?: Uint8Array | EmrtdError;
}

export interface ConnectionOptions {
  session: Session;
  password: AccessPassword;
  random: Random;
  fileAccess: FileAccess;
  /** How often access may be given again. */
  maxReconnects: number;
}

/** Status words with which a chip says that it has lost the session, or the right to read. */
const LOST: readonly number[] = [
  SW.SECURITY_STATUS,
  SW.SM_OBJECTS_MISSING,
  SW.SM_OBJECTS_WRONG,
];
/** Tries of one file. */
const MAX_TRIES = 3;

export class ChipConnection {
  readonly #options: ConnectionOptions;
  #opened: OpenedChip | undefined;
  #reconnects = 0;
  #lost = false;
  #infos: SecurityInfos | undefined;
  #channel: SecureChannel | undefined;
  #failure: EmrtdError | undefined;
  #proven = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get reconnects(): number {
    return this.#reconnects;
  }

  /**
   * Once proven it stays so: what is read after access was lost is held against the same EF.SOD that
   * vouches for the key.
   */
  get chipAuthentication(): ChipAuthenticationState {
    if (this.#proven || (this.#channel?.authenticAnswers ?? 0) > 0) return 'proven';
    if (this.#failure !== undefined) return 'failed';
    return this.#channel === undefined ? 'not-done' : 'unproven';
  }

  /** Why chip authentication failed. */
  get chipAuthenticationFailure(): EmrtdError | undefined {
    return this.#failure;
  }

  /**
   * Gives access, reads EF.CardSecurity where the mapping needs it, and enters the application. Throws what
   * `openChip` and `enterApplication` throw.
   */
  async open(): Promise<OpenedDocument> {
    const { session, password, random } = this.#options;
    const opened = await openChip(session, password, random);
    this.#opened = opened;
    const cardSecurity = opened.cam === undefined ? undefined : await this.#readCardSecurity();
    if (!this.#lost) await this.#enter();
    return cardSecurity === undefined ? opened : { ...opened, cardSecurity };
  }

  /** EF.CardSecurity of the master file, under secure messaging, or why it could not be read. */
  async #readCardSecurity(): Promise<Uint8Array | EmrtdError> {
    try {
      return await this.once(() => readFile(this.#options.session, EF_CARD_SECURITY));
    } catch (error) {
      if (error instanceof EmrtdError && this.#options.session.failure === undefined) return error;
      throw error;
    }
  }

  /** Enters the eMRTD application; with BAC it is entered already. */
  async #enter(): Promise<void> {
    if (this.#opened?.method.protocol === 'PACE') await enterApplication(this.#options.session);
  }

  /**
   * Carries out chip authentication. A refusal is kept as the failure and the reading goes on with the old
   * keys, or with access given anew. Throws only when the session itself is over.
   */
  async authenticateChip(infos: SecurityInfos): Promise<void> {
    const { session, random } = this.#options;
    try {
      const { channel } = await authenticateChip(session, infos, random);
      this.#infos = infos;
      this.#channel = channel;
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Reads a file of the application. Throws as `readFile` does once the tries are used up. */
  readFile(file: FileId): Promise<Uint8Array> {
    return this.#repeated(() => readFile(this.#options.session, file, this.#options.fileAccess));
  }

  /** Runs commands in the application once, with access given again first if it was lost before. */
  async once<T>(commands: () => Promise<T>): Promise<T> {
    if (this.#lost) await this.#reconnect();
    try {
      return await commands();
    } catch (error) {
      if (this.#isLoss(error)) this.#lost = true;
      throw error;
    }
  }

  /** Runs commands in the application, again with shorter reads after access was lost. */
  async #repeated<T>(commands: () => Promise<T>): Promise<T> {
    for (let tries = 1;; tries++) {
      if (this.#lost) await this.#reconnect();
      try {
        return await commands();
      } catch (error) {
        if (!this.#isLoss(error)) throw error;
        this.#lost = true;
        if (this.chipAuthentication === 'unproven') this.#fail(error);
        else this.#options.session.lowerReadLength();
        const spent = this.#reconnects >= this.#options.maxReconnects || tries >= MAX_TRIES;
        if (spent || isAbsence(error)) throw error;
      }
    }
  }

  /** The channel is gone, or the chip no longer grants what access control gave. */
  #isLoss(error: unknown): error is EmrtdError {
    const { session } = this.#options;
    if (!(error instanceof EmrtdError) || session.failure !== undefined) return false;
    if (this.#opened === undefined || this.#opened.method.protocol === 'none') return false;
    const { statusWord } = error;
    return session.channel === undefined || (statusWord !== undefined && LOST.includes(statusWord));
  }

  #fail(error: unknown): void {
    const { session } = this.#options;
    if (!(error instanceof EmrtdError) || session.failure !== undefined) throw error;
    this.#failure = error;
    this.#channel = undefined;
    this.#infos = undefined;
    if (session.channel === undefined) this.#lost = true;
  }

  async #reconnect(): Promise<void> {
    const { session, password, random } = this.#options;
    if (this.#reconnects >= this.#options.maxReconnects) {
      const message = `the chip lost the session ${this.#reconnects + 1} times`;
      throw new EmrtdError('ACCESS_FAILED', message);
    }
    this.#reconnects++;
    this.#proven = this.chipAuthentication === 'proven';
    session.channel = undefined;
    this.#opened = await openChip(session, password, random, this.#opened?.cardAccess);
    await this.#enter();
    this.#lost = false;
    if (this.#infos !== undefined) await this.authenticateChip(this.#infos);
  }
}

/** The chip said, unprotected, that the file is not there: asking again would bring the same. */
function isAbsence(error: EmrtdError): boolean {
  return error.code === 'SM_PLAIN' && error.statusWord === SW.FILE_NOT_FOUND;
}
