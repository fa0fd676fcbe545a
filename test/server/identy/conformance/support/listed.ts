/** All rows by endpoint and kind, as tests and page list them. */
import { NOT_PRODUCED } from '../not-produced.ts';
import { TABLES } from '../tables.ts';
import { type Kind, KINDS, type Row } from './rows.ts';

export interface ListedRow {
  readonly row: string;
  /** That it stands in. */
  readonly file: string;
  /** Of its test. */
  readonly name: string;
  /** What to say of a row that holds. */
  readonly result: string;
  readonly check: Row['check'];
}

export interface ListedTable {
  readonly endpoint: string;
  /** Those that have rows. */
  readonly groups: readonly { readonly kind: Kind; readonly rows: readonly ListedRow[] }[];
}

export function listed(): ListedTable[] {
  return TABLES.map(({ endpoint, file, rows }) => ({
    endpoint,
    groups: KINDS.map((kind) => ({
      kind,
      rows: [...rows[kind].map((row) => produced(row, file)), ...missing(endpoint, kind)],
    })).filter((group) => group.rows.length > 0),
  }));
}

function produced({ row, shows, remark, check }: Row, file: string): ListedRow {
  return {
    row,
    file,
    name: `${row}: ${shows}`,
    result: remark === undefined ? 'holds' : `holds; ${remark}`,
    check,
  };
}

function missing(endpoint: string, kind: Kind): ListedRow[] {
  return NOT_PRODUCED.filter((one) => one.endpoint === endpoint && one.kind === kind)
    .map(({ row, reason, check }) => ({
      row,
      file: 'not-produced.ts',
      name: `${row}: not produced`,
      result: `not produced: ${reason}`,
      check,
    }));
}
