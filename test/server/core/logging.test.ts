/** Log lines: one JSON object each, whatever a value holds. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { createLogger } from '../../../server/core/logging.ts';

function linesOf(fields: object): string[] {
  const lines: string[] = [];
  createLogger('info', (line) => lines.push(line)).info('x', { ...fields });
  return lines;
}

describe('createLogger', () => {
  test('writes one ASCII line per event that parses back to its fields', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (value) => {
      const lines: string[] = [];
      createLogger('info', (line) => lines.push(line), () => 0).info('x', { value });
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(/^[\x20-\x7e]+\n$/);
      expect(JSON.parse(lines[0])).toEqual({
        time: '1970-01-01T00:00:00.000Z',
        level: 'info',
        event: 'x',
        value,
      });
    }));
  });

  test('cuts short what is long, deep or wide, whatever it is', () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 5, values: [fc.string(), fc.uint8Array()] }), (fields) => {
        const [line] = linesOf(fields);
        expect(line.length).toBeLessThan(JSON.stringify(fields).length * 6 + 100);
      }),
    );
    const long = 'x'.repeat(300);
    const [line] = linesOf({ long, deep: { a: { b: { c: long } } }, wide: Array(100).fill(1) });
    expect(JSON.parse(line)).toMatchObject({
      long: `${'x'.repeat(256)}...`,
      deep: { a: { b: '[left out]' } },
      wide: Array(32).fill(1),
    });
  });

  test('shows no bytes, and no field whose name is that of a secret', () => {
    const [line] = linesOf({
      template: 'a',
      clientId: 'b',
      'access-key': 'c',
      nested: { document_number: 'd', MRZ: 'e', ok: 'f' },
      bytes: new Uint8Array([1]),
      buffer: new ArrayBuffer(1),
    });
    expect(JSON.parse(line)).toEqual({
      time: expect.any(String),
      level: 'info',
      event: 'x',
      template: '[left out]',
      clientId: '[left out]',
      'access-key': '[left out]',
      nested: { document_number: '[left out]', MRZ: '[left out]', ok: 'f' },
      bytes: '[left out]',
      buffer: '[left out]',
    });
  });

  test('leaves out what is below its level', () => {
    const lines: string[] = [];
    const log = createLogger('warn', (line) => lines.push(line));
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(['c', 'd']);
    expect([log.enabled('info'), log.enabled('error')]).toEqual([false, true]);
  });

  test('asks for its level with each line where it may change', () => {
    const lines: string[] = [];
    let level: 'info' | 'error' = 'error';
    const log = createLogger(() => level, (line) => lines.push(line));
    log.info('a');
    level = 'info';
    log.info('b');
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(['b']);
    expect(log.enabled('info')).toBe(true);
  });
});
