/** Collects the named checks of a verdict. A verdict is valid only when something passed and nothing failed. */
import { EmrtdError } from '../errors.ts';
import type { CheckResult } from '../types.ts';

/** Three kinds of outcome of one question, answered by checks that are all named. */
export interface Verdict {
  /** True when no check failed and those that the verdict rests on passed. */
  valid: boolean;
  checks: CheckResult[];
}

/** Something that breaks a standard without changing a verdict, such as a missing extension. */
export interface Deviation {
  /** What it is about: `signer`, `anchor`, `EF.SOD`. */
  subject: string;
  /** The clause broken: `RFC 5280 4.1.2.2`. */
  rule: string;
  detail: string;
}

/** Checks in the order they were made. */
export class Checks {
  readonly list: CheckResult[];

  constructor(list: CheckResult[] = []) {
    this.list = list;
  }

  /** Notes the outcome and returns it. */
  test(check: string, ok: boolean, passed: string, failed: string): boolean {
    this.list.push({ check, status: ok ? 'passed' : 'failed', reason: ok ? passed : failed });
    return ok;
  }

  skip(check: string, reason: string): void {
    this.list.push({ check, status: 'skipped', reason });
  }

  fail(check: string, reason: string): void {
    this.list.push({ check, status: 'failed', reason });
  }

  /**
   * Runs a check that may meet malformed bytes: an EmrtdError makes it fail with its message, any
   * other error is a defect and passes through.
   */
  guard(check: string, body: () => void): void {
    try {
      body();
    } catch (error) {
      if (!(error instanceof EmrtdError)) throw error;
      this.fail(check, error.message);
    }
  }

  get failed(): boolean {
    return this.list.some((check) => check.status === 'failed');
  }

  passed(check: string): boolean {
    return this.list.some((result) => result.check === check && result.status === 'passed');
  }
}
