/** The files of the compare page: what is served, under which policy, and what is not. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { strings } from '../../../server/web/home/strings.ts';
import { homePages } from '../../../server/web/mod.ts';
import { type Running, startFake } from '../support/running.ts';

let running: Running;
beforeAll(() => {
  running = startFake({}, homePages);
});
afterAll(() => running.server.stop());

const get = (path: string, init: RequestInit = {}) =>
  fetch(new URL(path, running.server.url), init);
const html = async () => await (await get('/')).text();

describe('the page', () => {
  test('is at /, as HTML with every placeholder filled', async () => {
    const response = await get('/');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const text = await response.text();
    expect(text).toContain(`<h1>${strings.page.heading}</h1>`);
    expect(text).not.toContain('{{');
  });

  test('uses every text that was written for it', async () => {
    const source = await Bun.file(`${import.meta.dir}/../../../server/web/home/index.html`).text();
    const unused = Object.keys(strings.page).filter((key) => !source.includes(`{{${key}}}`));
    expect(unused).toEqual([]);
  });

  test('holds no script, style or handler of its own, and nothing from elsewhere', async () => {
    const text = await html();
    expect(text).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:|https?:|\/\/[a-z]/i);
    for (const [tag] of text.matchAll(/<script[^>]*>/g)) expect(tag).toContain('src="/home/');
    expect(text).not.toMatch(/<script[^>]*>\s*[^<\s]/);
  });

  test('forbids scripts, styles and connections from elsewhere', async () => {
    for (const path of ['/', '/home/main.js', '/home/style.css']) {
      const policy = (await get(path)).headers.get('content-security-policy');
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(policy).not.toMatch(/https?:|\*/);
    }
  });
});

describe('its files', () => {
  const TYPES = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' };

  test('are all there: what the page and its scripts refer to', async () => {
    const seen = new Set<string>();
    const queue = [...(await html()).matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path);
    while (queue.length > 0) {
      const path = queue.pop() as string;
      if (seen.has(path)) continue;
      seen.add(path);
      const response = await get(path);
      expect([path, response.status]).toEqual([path, 200]);
      if (!path.endsWith('.js')) continue;
      expect(response.headers.get('content-type')).toBe(TYPES.js);
      const script = await response.text();
      expect(() => new Bun.Transpiler({ loader: 'js' }).scan(script)).not.toThrow();
      for (const [, name] of script.matchAll(/from "\.\/([^"]+)"/g)) queue.push(`/home/${name}`);
    }
    expect(seen.size).toBeGreaterThan(10);
    expect(seen).toContain('/home/strings.js');
  });

  test('answer HEAD like GET without the body', async () => {
    const [got, head] = [
      await get('/home/style.css'),
      await get('/home/style.css', {
        method: 'HEAD',
      }),
    ];
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
    for (const name of ['content-type', 'etag', 'cache-control', 'content-length']) {
      expect([name, head.headers.get(name)]).toEqual([name, got.headers.get(name)]);
    }
    expect(got.headers.get('content-type')).toBe(TYPES.css);
  });

  test('are not sent again to a browser that has them', async () => {
    const etag = (await get('/')).headers.get('etag') as string;
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await get('/', { headers: { 'If-None-Match': known } });
      expect(response.status).toBe(304);
      expect(response.headers.get('etag')).toBe(etag);
      expect(await response.text()).toBe('');
    }
    expect((await get('/', { headers: { 'If-None-Match': '"other"' } })).status).toBe(200);
  });

  test.each([
    '/home',
    '/home/',
    '/home/index.html',
    '/home/main.ts',
    '/home/../pages.ts',
    '/home/..%2fpages.ts',
    '/home/%2e%2e/%2e%2e/app.ts',
    '/home/..\\..\\app.ts',
    '/home/main.js/',
    '/home/main.js%00',
    '/HOME/main.js',
    '//home/main.js',
    '/favicon.ico',
    '/constructor',
  ])('are the only ones: %s is not found', async (path) => {
    const answer = await running.raw([`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`]);
    expect(answer).toStartWith('HTTP/1.1 404 ');
    expect(answer).toContain("default-src 'none'; frame-ancestors 'none'");
  });

  test('are read, not written', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect((await get('/', { method })).status).toBe(404);
    }
  });
});
