/**
 * The rows leave nothing of the documentation out: every field of its examples and tables, every error and
 * every quoted message has a row under its endpoint. Needs the text of the documentation.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'bun:test';
import { listed } from './support/listed.ts';
import { ERRORS } from './support/refusals.ts';

const TEXT = join(import.meta.dir, '../../../../../shared/specs/identy-face-web-v6.md');
const START = '# **IDENTY Web Server API**';

/** Where the part of an endpoint begins, in the order of the text. */
const SECTIONS = [
  ['# Models and public keys endpoint', '/api/v1/models'],
  ['# **Epoch time endpoint**', '/api/v1/time'],
  ['#### Process enapoint', '/api/v1/process'],
  ['# Selfie vs Selfie match', '/api/v1/matchWithSelfie'],
  ['# Selfie vs face image', '/api/v1/matchWithPictureId'],
  ['# VerifyWithPictureId', '/api/v1/verifyWithPictureId'],
  ['# GenerateTemplateFromImage', '/api/v1/face/generateTemplateFromImage'],
  ['# **Secure Liveness endpoint**', '/api/v1/secure/face/as'],
  ['# **3rd Party Liveness endpoint**', '/api/v1/face/as'],
  ['# **Error Codes**', undefined],
  ['# Installation', undefined],
] as const;

/** A name that a column cuts off; it stands whole beside it. */
const CUT_OFF = 'as_highest_security_level_rea';

function matchesOf(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map((match) => match[1]))];
}

/** Names of JSON members, and of parameters and attributes in the first columns of tables. */
function namesIn(section: string): string[] {
  const members = matchesOf(section, /"([A-Za-z0-9_ ]+)" ?:/g)
    .map((name) => name.trim().replaceAll(' ', '_'));
  const listed = [
    // four letters at least: one name is cut off in the middle
    /^((?:image|imageToVerifyAgainst|icao_data|data)\.\w{4,})/gm,
    /^data\t((?:quality\. ?)?\w+)/gm,
    /^(\w+)\t+(?:String|Int|Float|Boolean|File)\b/gim,
  ].flatMap((pattern) => matchesOf(section, pattern).map((name) => name.replace(' ', '')));
  return [...members, ...listed].filter((name) => name !== CUT_OFF);
}

if (!existsSync(TEXT)) {
  test.skip('the rows are complete [skipped: no text at ../shared/specs]', () => {});
} else {
  const text = readFileSync(TEXT, 'utf8').replaceAll('\\_', '_');
  const api = text.slice(text.indexOf(START));
  const rowsOf = (endpoint?: string) =>
    listed().filter((table) => endpoint === undefined || table.endpoint === endpoint)
      .flatMap(({ groups }) => groups.flatMap(({ rows }) => rows.map(({ name }) => name)))
      .join('\n');

  describe('every name in the part of', () => {
    for (const [i, [start, endpoint]] of SECTIONS.entries()) {
      if (endpoint === undefined) continue;
      test(endpoint, () => {
        const from = api.indexOf(start), to = api.indexOf(SECTIONS[i + 1][0]);
        expect(from).toBePositive();
        expect(to).toBeGreaterThan(from);
        const rows = rowsOf(endpoint);
        const names = [
          ...namesIn(api.slice(from, to)),
          ...['LogAPITrigger: true', 'requestID'].filter((name) =>
            api.slice(from, to).includes(name)
          ),
        ];
        expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(rows))).toEqual([]);
      });
    }
  });

  const errors = api.slice(api.indexOf('# **Error Codes**'), api.indexOf('# Installation'))
    // the column of versions, where it interrupts a message
    .replace(/\tv[\d.]+\n\t<pre>/g, ' ');

  test('every error of table 9, by its code and HTTP status', () => {
    const names = matchesOf(errors, /\b([A-Z_]{8,}), Code: ?\d+/g);
    expect(names.length).toBe(12);
    expect(names.filter((name) => !rowsOf().includes(name))).toEqual([]);
    for (const [name, [code, http]] of Object.entries(ERRORS)) {
      if (!names.includes(name)) continue;
      expect(errors).toMatch(new RegExp(`\\b${name}, Code: ?${code}, HTTP_CODE: ${http}\\b`));
    }
  });

  test('every message that table 9 quotes', () => {
    const messages = matchesOf(errors, /"([^"]+)"/g).map((one) => one.replace(/\s+/g, ' '));
    expect(messages.length).toBe(20);
    expect(messages.filter((message) => !rowsOf().includes(`"${message}"`))).toEqual([]);
  });

  test('every code in the lists of the endpoints', () => {
    const codes = matchesOf(api, /\b(50\d|510|601|900) for /g);
    expect(codes.length).toBeGreaterThan(7);
    expect(codes.filter((code) => !new RegExp(`^${code} `, 'm').test(rowsOf()))).toEqual([]);
  });
}
