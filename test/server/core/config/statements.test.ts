/** Where statements of TOML begin and end. */
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { statementsOf } from '../../../../server/core/config/statements.ts';

test('strings, arrays and tables keep their line feeds', () => {
  const text = `# comment "with ' quotes [
a = "one \\" # line"
b = """
two ""quotes"" and \\"""
"""""
c = '''
\\'''
d = [ # ]
  1, "]",
  [2],
]
[e]
f = { g = 1 }

h = 'x'`;
  expect(statementsOf(text).map(({ line, text }) => [line, text.split('\n')[0]])).toEqual([
    [1, `# comment "with ' quotes [`],
    [2, 'a = "one \\" # line"'],
    [3, 'b = """'],
    [6, "c = '''"],
    [8, 'd = [ # ]'],
    [12, '[e]'],
    [13, 'f = { g = 1 }'],
    [14, ''],
    [15, "h = 'x'"],
  ]);
});

test('nothing is lost, whatever the text, and lines are counted right', () => {
  const signs = fc.constantFrom(
    '"',
    "'",
    '"""',
    "'''",
    '\\',
    '\n',
    '[',
    ']',
    '{',
    '}',
    '#',
    'a',
    '=',
  );
  fc.assert(fc.property(fc.array(fc.oneof(signs, fc.string())), (parts) => {
    const text = parts.join('');
    const statements = statementsOf(text);
    expect(statements.map((statement) => statement.text).join('')).toBe(text);
    let before = '';
    for (const statement of statements) {
      expect(statement.line).toBe(before.split('\n').length);
      before += statement.text;
    }
  }));
});

test('every statement of what TOML can say is TOML by itself', () => {
  const key = fc.stringMatching(/^[a-z]{1,8}$/);
  const scalar = fc.oneof(
    fc.integer().map(String),
    fc.boolean().map(String),
    fc.string().map((value) => JSON.stringify(value).replaceAll('\x7f', '')),
    fc.stringMatching(/^[ -&(-~]*$/).map((value) => `'${value}'`),
    fc.stringMatching(/^[ !#-[\]-~\n]*$/).map((value) => `"""${value}"""`),
  );
  const value = fc.oneof(scalar, fc.array(scalar).map((values) => `[\n${values.join(',\n')}\n]`));
  fc.assert(fc.property(fc.uniqueArray(key), fc.array(value), (keys, values) => {
    const lines = keys.map((key, i) => `${key} = ${values[i] ?? '1'} # ' " [\n`);
    expect(statementsOf(lines.join('')).map(({ text }) => text)).toEqual(lines);
  }));
});
