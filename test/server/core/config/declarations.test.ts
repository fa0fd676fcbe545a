/** The declarations of the settings hold together. */
import { describe, expect, test } from 'bun:test';
import { allSettings, exampleLine, openConfig } from '../../../../server/core/config/mod.ts';
import { Computed } from '../../../../server/core/config/setting.ts';
import { configFolder, problemsOf } from './support.ts';

const folder = configFolder();
const settings = allSettings();

describe.each(settings)('%s', (_, setting) => {
  test('has a key in a section, a variable, and an explanation in whole sentences', () => {
    expect(setting.path).toMatch(/^[a-z_]+\.[a-z][a-z0-9_]+$/);
    expect(setting.variables.length).toBeGreaterThan(0);
    expect(setting.about).toMatch(/^[A-Z][ -~]+\.$/);
  });

  test('has a default of its kind', () => {
    const value = setting.default instanceof Computed
      ? setting.default.of({ workers: 2 })
      : setting.default;
    expect(setting.kind.schema.parse(value)).toEqual(value);
  });

  test('has a line for the example file that is accepted', () => {
    // a secret of every kind at one time
    const secret = folder.write('secret', 'postgres://user:secret@host/database');
    const line = exampleLine(setting).replace(/(?<=_file = ).*/, JSON.stringify(secret));
    const file = folder.write('example.toml', `[${setting.path.split('.')[0]}]\n${line}\n`);
    // some settings need others beside them
    const problems = problemsOf({ file }).filter((text) =>
      !/: need(s|ed because) (tls|keys)\./.test(text)
    );
    expect(problems).toEqual([]);
  });
});

test('no key, variable or option is declared twice', () => {
  for (
    const names of [
      settings.map(([, { path }]) => path),
      settings.flatMap(([, { variables }]) => variables),
      settings.flatMap(([, { option }]) => option ?? []),
    ]
  ) expect(names).toEqual([...new Set(names)]);
});

test('nothing in the file is stronger than the environment', () => {
  const file = folder.write('weak.toml', '[log]\nlevel = "debug"\n');
  expect(openConfig({ env: { LOG_LEVEL: 'error' }, file }).logLevel).toBe('error');
});
