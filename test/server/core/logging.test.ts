/** Log lines: one JSON object each, whatever a value holds. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { createLogger } from '../../../server/core/logging.ts';

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
