/** The files of the pages: what is served, under which policy, and what is not. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { strings as console } from '../../../server/web/console/strings.ts';
import { strings as demo } from '../../../server/web/demo/strings.ts';
import { frameWords } from '../../../server/web/frame.ts';
import { strings as docval } from '../../../server/web/docval/strings.ts';
import { strings as home } from '../../../server/web/home/strings.ts';
import { homePages } from '../../../server/web/mod.ts';
import { type Running, startFake } from '../support/running.ts';

let running: Running;
beforeAll(() => {
  running = startFake({}, homePages);
});
afterAll(() => running.server.stop());

const get = (path: string, init: RequestInit = {}) =>
  fetch(new URL(path, running.server.url), init);
const html = async (path: string) => await (await get(path)).text();

const PAGES: [path: string, folder: string, words: Record<string, string>][] = [
  ['/', 'home', home.page],
  ['/docval', 'docval', docval.page],
  ['/demo', 'demo', demo.page],
  ['/console', 'console', console.page],
];

describe.each(PAGES)('the page at %s', (path, folder, words) => {
  test('is there, as HTML with every placeholder filled', async () => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const text = await response.text();
    expect(text).toMatch(new RegExp(`<h1[^>]*>${words.heading}</h1>`));
    expect(text).not.toContain('{{');
  });

  test('uses every text that was written for it', async () => {
    const source = `${import.meta.dir}/../../../server/web/${folder}/index.html`;
    const text = await Bun.file(source).text();
    const ofFrame = { title: '', ...frameWords };
    const unused = (key: string) => !(key in ofFrame) && !text.includes(`{{${key}}}`);
    expect(Object.keys(words).filter(unused)).toEqual([]);
  });

  test('holds no script, style or handler of its own, and nothing from elsewhere', async () => {
    const text = await html(path);
    expect(text).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:|https?:|\/\/[a-z]/i);
    for (const [tag] of text.matchAll(/<script[^>]*>/g)) expect(tag).toContain(`src="/${folder}/`);
    expect(text).not.toMatch(/<script[^>]*>\s*[^<\s]/);
  });

  test('forbids scripts, styles and connections from elsewhere', async () => {
    for (const file of [path, `/${folder}/main.js`, `/${folder}/style.css`]) {
      const policy = (await get(file)).headers.get('content-security-policy');
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("connect-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(policy).not.toMatch(/https?:|\*/);
    }
  });

  test('leads to the other one', async () => {
    // the console is for those who know where it is
    const others = PAGES.map(([at]) => at).filter((at) => at !== '/console');
    for (const other of [...others, '/docs']) {
      expect(await html(path)).toContain(`href="${other}"`);
    }
  });
});

test('the page at /docs is HTML without a script', async () => {
  const response = await get('/docs');
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const text = await response.text();
  expect(text).toStartWith('<!doctype html>');
  expect(text).not.toMatch(/<script|<style|\sstyle=|\son\w+=|\{\{/i);
  for (const path of ['/', '/docval', '/demo']) expect(text).toContain(`href="${path}"`);
});

describe('their files', () => {
  const TYPES = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' };

  test('are all there: what the page and its scripts refer to', async () => {
    const seen = new Set<string>();
    const queue = ['/'];
    const follow = (text: string, from: string, pattern: RegExp) => {
      for (const [, link] of text.matchAll(pattern)) {
        queue.push(new URL(link, new URL(from, 'http://x')).pathname);
      }
    };
    while (queue.length > 0) {
      const path = queue.pop() as string;
      if (seen.has(path)) continue;
      seen.add(path);
      const response = await get(path);
      expect([path, response.status]).toEqual([path, 200]);
      if (path.endsWith('.js')) {
        expect(response.headers.get('content-type')).toBe(TYPES.js);
        const script = await response.text();
        expect(() => new Bun.Transpiler({ loader: 'js' }).scan(script)).not.toThrow();
        follow(script, path, /from\s*"([^"]+)"/g);
      } else if (response.headers.get('content-type')?.startsWith('text/html')) {
        follow(await response.text(), path, /(?:src|href)="([^"]+)"/g);
      }
    }
    expect(seen.size).toBeGreaterThan(20);
    for (
      const path of [
        '/home/strings.js',
        '/docval/strings.js',
        '/sdk/docval-client.js',
        '/sdk/docval-client.d.ts',
        '/sdk/face-sdk.js',
        '/sdk/face-sdk.umd.js',
        '/sdk/face-sdk.d.ts',
      ]
    ) expect(seen).toContain(path);
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
    '/docval/',
    '/docval/index.html',
    '/docval-client/client.js',
    '/sdk/',
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
    expect(answer).toContain("default-src 'none'; base-uri 'none'; form-action 'none'");
  });

  test('are read, not written', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect((await get('/', { method })).status).toBe(404);
    }
  });
});
