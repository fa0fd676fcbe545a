/** Settings of the server: defaults, precedence, errors that name what the operator wrote. */
import { describe, expect, test } from 'bun:test';
import { join, resolve } from 'node:path';
import { DEFAULT_IMAGE_LIMITS } from '../../../../biometrics/image/limits.ts';
import { type ConfigInput, loadConfig, openConfig } from '../../../../server/core/config/mod.ts';
import { ServerError } from '../../../../server/core/errors.ts';
import { configFolder, problemsOf } from './support.ts';

const folder = configFolder();

function refusal(env: Record<string, string>, options: ConfigInput = {}): string {
  try {
    loadConfig(env, options);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    expect(error.code).toBe('CONFIG_INVALID');
    return error.message;
  }
  throw new Error('was accepted');
}

describe('the settings', () => {
  test('start closed: this machine only, no cross-origin access', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({ host: '127.0.0.1', port: 8080, corsOrigins: [] });
    expect(config.queueLimit).toBe(32 * config.workers);
    expect(config.dataFolder).toBe(resolve('data'));
  });

  test('let in the largest picture with a portrait beside it, and two pictures of a phone, in Base64', () => {
    const { bodyLimitBytes, bodyBudgetBytes } = loadConfig({});
    const base64 = (bytes: number) => Math.ceil(bytes / 3) * 4;
    const { maxBytes } = DEFAULT_IMAGE_LIMITS;
    expect(base64(maxBytes) + base64(2_000_000)).toBeLessThan(bodyLimitBytes);
    // 12 megapixels at the best quality of a camera
    expect(2 * base64(12_000_000)).toBeLessThan(bodyLimitBytes);
    expect(bodyBudgetBytes).toBeGreaterThanOrEqual(8 * bodyLimitBytes);
  });

  test('take the port from the default, the file, TOMCAT_HTTP, GATEHOUSE_PORT, an option, each before those', () => {
    const file = folder.write('port.toml', '[server]\nport = 8001\n');
    const port = (env: Record<string, string>, options: ConfigInput = {}) =>
      openConfig({ env, file, options }).port;
    expect(loadConfig({}).port).toBe(8080);
    expect(port({})).toBe(8001);
    expect(port({ TOMCAT_HTTP: '8081' })).toBe(8081);
    expect(port({ TOMCAT_HTTP: '8081', GATEHOUSE_PORT: '8082' })).toBe(8082);
    expect(port({ GATEHOUSE_PORT: '8082' }, { port: '0' })).toBe(0);
    expect(port({ GATEHOUSE_PORT: '' }, { port: undefined })).toBe(8001);
  });

  test('run networks on the processor unless told otherwise', () => {
    expect(loadConfig({})).toMatchObject({
      backend: 'cpu',
      inferenceDevice: 0,
      inferenceMemoryMb: undefined,
    });
    const on = (backend: string, more: Record<string, string> = {}) => ({
      GATEHOUSE_INFERENCE_BACKEND: backend,
      ...more,
    });
    for (const name of ['cpu', 'cuda', 'tensorrt', 'webgpu', 'auto']) {
      expect(loadConfig(on(name)).backend as string).toBe(name);
    }
    expect(refusal(on('gpu'))).toContain('must be cpu, cuda, tensorrt, webgpu or auto');
  });

  test('have a device and a memory limit where they take effect, and nowhere else', () => {
    const device = (backend: string, number = '1') => ({
      GATEHOUSE_INFERENCE_BACKEND: backend,
      GATEHOUSE_INFERENCE_DEVICE: number,
    });
    for (const name of ['cuda', 'tensorrt', 'auto']) {
      expect(loadConfig(device(name)).inferenceDevice).toBe(1);
    }
    for (const name of ['cpu', 'webgpu']) {
      expect(loadConfig(device(name, '0')).inferenceDevice).toBe(0);
      expect(refusal(device(name))).toContain(
        `has no effect with inference.backend ${name}: that is for cuda, tensorrt and auto`,
      );
    }
    expect(refusal(device('cuda', '-1'))).toContain('must be a whole number from 0 to 127');

    const memory = (backend: string, megabytes = '64') => ({
      GATEHOUSE_INFERENCE_BACKEND: backend,
      GATEHOUSE_INFERENCE_MEMORY_MB: megabytes,
    });
    for (const name of ['cpu', 'cuda', 'tensorrt', 'auto']) {
      expect(loadConfig(memory(name)).inferenceMemoryMb).toBe(64);
    }
    expect(refusal(memory('webgpu'))).toContain('has no effect with inference.backend webgpu');
    expect(refusal(memory('cuda', '63'))).toContain('of megabytes from 64 to 1048576');
  });

  test('keep metrics on this machine and record no spans unless told otherwise', () => {
    expect(loadConfig({})).toMatchObject({ metricsListen: 'local', tracingOtlpUrl: undefined });
    const listen = (text: string) => ({ GATEHOUSE_METRICS_LISTEN: text });
    for (const text of ['off', '0.0.0.0:9464', '[::1]:9464']) {
      expect(loadConfig(listen(text)).metricsListen).toBe(text);
    }
    for (const text of ['9464', 'on', 'a:b', 'a:70000', 'http://a:1']) {
      expect(refusal(listen(text))).toContain('must be local, off or HOST:PORT');
    }
    const collector = (text: string) => ({ GATEHOUSE_TRACING_OTLP_URL: text });
    const url = 'http://127.0.0.1:4318/v1/traces';
    expect(loadConfig(collector(url)).tracingOtlpUrl).toBe(url);
    for (const text of ['collector', 'ftp://a/', 'http://user:secret@a/', 'http://:secret@a/']) {
      expect(refusal(collector(text))).toContain(
        'must be an http or https URL without user and password',
      );
      expect(refusal(collector(text))).not.toContain('secret');
    }
  });

  test('read log levels as other servers write them', () => {
    expect(loadConfig({ LOG_LEVEL: 'INFO' }).logLevel).toBe('info');
    expect(loadConfig({ LOG_LEVEL: 'Warning' }).logLevel).toBe('warn');
  });

  test('read lists, flags and words from variables', () => {
    const config = loadConfig({
      GATEHOUSE_CORS_ORIGINS: 'https://a.example, http://localhost:4200',
      TEMPLATE_ENCRYPTION_ENABLED: 'False',
      GATEHOUSE_DOCVAL_DEMO: 'on',
    });
    expect(config.corsOrigins).toEqual(['https://a.example', 'http://localhost:4200']);
    expect(config.templateEncryption).toBe(false);
    expect(config.docvalDemo).toBe('on');
  });

  test('take paths in the file from its folder, others from the working directory', () => {
    const file = folder.write(
      'paths.toml',
      '[models]\npack = "my.gpack"\npack_keys = ["a.pub", "/b.pub"]\n',
    );
    const config = openConfig({ env: { GATEHOUSE_DATA: 'here' }, file });
    expect(config.pack).toBe(join(folder.path, 'my.gpack'));
    expect(config.packKeys).toEqual([join(folder.path, 'a.pub'), '/b.pub']);
    expect(config.dataFolder).toBe(resolve('here'));
  });
});

describe('an error', () => {
  test('names the setting and the variable or option that is wrong', () => {
    expect(refusal({ TOMCAT_HTTP: '80x' })).toBe(
      'server.port (TOMCAT_HTTP): must be a whole number from 0 to 65535',
    );
    expect(refusal({ GATEHOUSE_PORT: '70000' })).toStartWith('server.port (GATEHOUSE_PORT): ');
    expect(refusal({ GATEHOUSE_WORKERS: '0' })).toBe(
      'server.workers (GATEHOUSE_WORKERS): must be a whole number from 1 to 64',
    );
    expect(refusal({ LOG_LEVEL: 'loud' })).toBe(
      'log.level (LOG_LEVEL): must be debug, info, warn or error',
    );
    expect(refusal({ GATEHOUSE_CORS_ORIGINS: 'https://a.example/path' })).toBe(
      'server.cors_origins (GATEHOUSE_CORS_ORIGINS): must be a list of origins, each * or http(s)://host[:port], at most 1000',
    );
    expect(refusal({ TEMPLATE_ENCRYPTION_ENABLED: 'yes' })).toBe(
      'identy.template_encryption (TEMPLATE_ENCRYPTION_ENABLED): must be true or false',
    );
    expect(refusal({ GATEHOUSE_DOCVAL_DEMO: 'yes' })).toStartWith('docval.demo (');
    expect(refusal({}, { port: -1 })).toStartWith('server.port (--port): ');
    expect(refusal({}, { port: '8o' })).toStartWith('server.port (--port): ');
  });

  test('comes with all others', () => {
    const both = refusal({ TOMCAT_HTTP: 'x', GATEHOUSE_DRAIN_MS: '-5' });
    expect(both).toStartWith('server.port (TOMCAT_HTTP): ');
    expect(both).toContain('; limits.drain_ms (GATEHOUSE_DRAIN_MS): ');
  });

  test('is found in a value that another source overrides', () => {
    const file = folder.write('overridden.toml', '[server]\nport = -1\n');
    expect(problemsOf({ file, env: { GATEHOUSE_PORT: '80' } })).toEqual([
      `server.port (${file}:2): must be a whole number from 0 to 65535`,
    ]);
  });

  test('never repeats a value', () => {
    const env = {
      GATEHOUSE_PORT: 'hunter2',
      GATEHOUSE_CORS_ORIGINS: 'hunter2',
      TEMPLATE_ENCRYPTION_ENABLED: 'hunter2',
      TEMPLATE_ENCRYPTION_KEY_FILE: '/nowhere/hunter3',
      LOG_LEVEL: 'hunter2',
    };
    expect(problemsOf({ env })).toHaveLength(5);
    expect(problemsOf({ env }).join()).not.toContain('hunter');
  });
});

describe('variables', () => {
  test('that look like ours and are none are refused, with the name probably meant', () => {
    const env = {
      GATEHOUSE_PROT: '1',
      TEMPLATE_ENCRYPTION_ENABLE: 'true',
      GATEHOUSE_SOMETHING_ELSE: '1',
      PATH: '/bin',
      TOMCAT_HOME: '/opt',
    };
    expect(problemsOf({ env })).toEqual([
      'GATEHOUSE_PROT (environment): unknown variable; did you mean GATEHOUSE_PORT?',
      'TEMPLATE_ENCRYPTION_ENABLE (environment): unknown variable; did you mean TEMPLATE_ENCRYPTION_ENABLED?',
      'GATEHOUSE_SOMETHING_ELSE (environment): unknown variable',
    ]);
  });

  test('of other parts of the program and empty ones are none of its business', () => {
    expect(() =>
      loadConfig({ GATEHOUSE_ORT_LIBRARY: '/x', GATEHOUSE_DOCVAL_CLIENT_ID: 'x', GATEHOUSE_X: '' })
    ).not.toThrow();
  });
});

describe('encryption of templates', () => {
  const enabled = { TEMPLATE_ENCRYPTION_ENABLED: 'true' };

  test('needs a key', () => {
    expect(refusal(enabled)).toBe(
      'identy.template_encryption_key: needed because identy.template_encryption is on',
    );
  });

  test('needs a key that is one; without encryption the placeholder of the documented file may stay', () => {
    const env = { TEMPLATE_ENCRYPTION_KEY: '<REPLACE_BY_YOUR_PUBLIC_RSA_2048_KEY>' };
    expect(() => loadConfig(env)).not.toThrow();
    expect(refusal({ ...env, ...enabled })).toStartWith(
      'identy.template_encryption_key (TEMPLATE_ENCRYPTION_KEY): must be an RSA public key',
    );
  });
});
