/** Whatever a file or a variable holds: a valid configuration, or problems. FUZZ_RUNS sets the runs; 500 otherwise. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  allSettings,
  configOf,
  exampleLine,
  readConfig,
} from '../../../../server/core/config/mod.ts';
import { ServerError } from '../../../../server/core/errors.ts';
import { configFolder } from './support.ts';

const folder = configFolder();
const numRuns = Number(process.env.FUZZ_RUNS ?? 500);

/** A configuration whose every value is one of its setting, or CONFIG_INVALID with a problem. */
function expectOutcome(reading: ReturnType<typeof readConfig>): void {
  try {
    const config: Record<string, unknown> = configOf(reading);
    for (const [name, { kind }] of allSettings()) {
      expect(kind.schema.safeParse(config[name]).success).toBe(true);
    }
    expect(reading.problems).toEqual([]);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    expect(error.code).toBe('CONFIG_INVALID');
    expect(reading.problems).not.toEqual([]);
    for (const { reason } of reading.problems) expect(reason).toMatch(/^[ -~]{1,400}$/);
  }
}

const example = allSettings().map(([, setting]) =>
  `[${setting.path.split('.')[0]}]\n${exampleLine(setting)}\n`
);
/** Pieces of files: real lines, the signs of TOML, keys of ours, anything. */
const piece = fc.oneof(
  fc.constantFrom(...example),
  fc.constantFrom(...allSettings().map(([, { path }]) => path)),
  fc.constantFrom(
    '\n',
    ' = ',
    '"',
    "'",
    '"""',
    '[',
    ']',
    '[[',
    ']]',
    '{',
    '}',
    '#',
    ',',
    '.',
    '\\',
  ),
  fc.constantFrom('1', '-1', '1e999', 'nan', 'true', '2020-01-01', '"x"', '__proto__', '_file'),
  fc.string(),
);

describe('the file', () => {
  test('of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expectOutcome(readConfig({ env: {}, file: folder.write('bytes.toml', bytes) }));
      }),
      { numRuns },
    );
  });

  test('of any pieces of TOML', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        expectOutcome(readConfig({ env: {}, file: folder.write('pieces.toml', pieces.join('')) }));
      }),
      { numRuns },
    );
  });

  test('cut off anywhere', () => {
    const plain = allSettings().map(([, setting]) => setting).filter(({ secret }) => !secret);
    const sections = Object.groupBy(plain, ({ path }) => path.split('.')[0]);
    const whole = Object.entries(sections).map(([name, settings = []]) =>
      `[${name}]\n${settings.map(exampleLine).join('\n')}\n`
    ).join('\n');
    const valid: boolean[] = [];
    for (let length = 0; length <= whole.length; length++) {
      const file = folder.write('cut.toml', whole.slice(0, length));
      const reading = readConfig({ env: {}, file });
      expectOutcome(reading);
      valid.push(reading.problems.length === 0);
    }
    // nothing at all is not taken for a file that sets nothing
    expect([valid.at(0), valid.at(1), valid.at(-1)]).toEqual([false, false, true]);
  });
});

test('variables of any text', () => {
  const names = allSettings().flatMap(([, { variables }]) => variables);
  const text = fc.oneof(fc.string(), fc.constantFrom('1', '-1', 'true', 'on', ',', '*', '1e9'));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names, 'GATEHOUSE_X'), text), (env) => {
      // a folder in which there is no configuration file
      expectOutcome(readConfig({ env, file: folder.write('empty.toml', '') }));
    }),
    { numRuns },
  );
});
