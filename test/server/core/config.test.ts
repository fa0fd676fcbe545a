/** Settings of the server: defaults, precedence, errors that name what the operator wrote. */
import { describe, expect, test } from 'bun:test';
import { ServerError } from '../../../server/core/errors.ts';
import { type ConfigInput, loadConfig } from '../../../server/core/config.ts';

function refusal(env: Record<string, string>, overrides: ConfigInput = {}): string {
  try {
    loadConfig(env, overrides);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    expect(error.code).toBe('CONFIG_INVALID');
    return error.message;
  }
  throw new Error('was accepted');
}

describe('loadConfig', () => {
  test('starts closed: this machine only, no cross-origin access', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({ host: '127.0.0.1', port: 8080, corsOrigins: [] });
    expect(config.bodyLimitBytes).toBe(16 * 1024 * 1024);
    expect(config.queueLimit).toBe(32 * config.workers);
  });

  test('takes the port from TOMCAT_HTTP, from GATEHOUSE_PORT before it, from an option before both', () => {
    expect(loadConfig({ TOMCAT_HTTP: '8081' }).port).toBe(8081);
    expect(loadConfig({ TOMCAT_HTTP: '8081', GATEHOUSE_PORT: '8082' }).port).toBe(8082);
    expect(loadConfig({ GATEHOUSE_PORT: '8082' }, { port: 0 }).port).toBe(0);
    expect(loadConfig({ GATEHOUSE_PORT: '' }, { port: undefined }).port).toBe(8080);
  });

  test('reads log levels as other servers write them', () => {
    expect(loadConfig({ LOG_LEVEL: 'INFO' }).logLevel).toBe('info');
    expect(loadConfig({ LOG_LEVEL: 'Warning' }).logLevel).toBe('warn');
  });

  test('reads origins as a list', () => {
    const env = { GATEHOUSE_CORS_ORIGINS: 'https://a.example, http://localhost:4200' };
    expect(loadConfig(env).corsOrigins).toEqual(['https://a.example', 'http://localhost:4200']);
  });

  test('has the demonstration only where the server stays on this machine, unless told otherwise', () => {
    expect(loadConfig({}).docvalDemo).toBe('auto');
    expect(loadConfig({ GATEHOUSE_DOCVAL_DEMO: 'on' }).docvalDemo).toBe('on');
    expect(refusal({ GATEHOUSE_DOCVAL_DEMO: 'yes' })).toBe(
      'GATEHOUSE_DOCVAL_DEMO: must be auto, on or off',
    );
  });

  test('names the variable or option that is wrong', () => {
    expect(refusal({ TOMCAT_HTTP: '80x' })).toBe('TOMCAT_HTTP: must be a whole number');
    expect(refusal({ GATEHOUSE_PORT: '70000' })).toStartWith('GATEHOUSE_PORT: ');
    expect(refusal({ GATEHOUSE_WORKERS: '0' })).toStartWith('GATEHOUSE_WORKERS: ');
    expect(refusal({ LOG_LEVEL: 'loud' })).toStartWith('LOG_LEVEL: ');
    expect(refusal({ GATEHOUSE_CORS_ORIGINS: 'https://a.example/path' })).toBe(
      'GATEHOUSE_CORS_ORIGINS: must be * or http(s)://host[:port]',
    );
    expect(refusal({}, { port: -1 })).toStartWith('option port: ');
    const both = refusal({ TOMCAT_HTTP: 'x', GATEHOUSE_DRAIN_MS: '-5' });
    expect(both).toContain('TOMCAT_HTTP');
    expect(both).toContain('GATEHOUSE_DRAIN_MS');
  });
});
