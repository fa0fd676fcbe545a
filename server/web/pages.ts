/** Serves the pages from memory: a fixed set of paths, each with its type, its ETag and a policy for browsers. */
import { buildAssets } from './build-assets.ts' with { type: 'macro' };

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  ts: 'text/plain; charset=utf-8',
  svg: 'image/svg+xml',
  json: 'application/json',
};

/** Own files only; pictures also from the browser's memory (blob:), where photos are shown from. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

interface Asset {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly etag: string;
}

const assets = new Map<string, Asset>();
for (const [path, content] of Object.entries(buildAssets())) {
  const body = new TextEncoder().encode(content);
  const hash = new Bun.CryptoHasher('sha256').update(body).digest('hex').slice(0, 32);
  // the pages themselves have no extension
  const type = TYPES[/\.(\w+)$/.exec(path)?.[1] ?? 'html'];
  assets.set(path, { body, type, etag: `"${hash}"` });
}

/** The answer for a GET or HEAD of one of the page's files, or undefined for every other path. */
export function homePages(request: Request): Response | undefined {
  const asset = assets.get(new URL(request.url).pathname);
  if (asset === undefined) return undefined;
  const headers = {
    'Content-Type': asset.type,
    'Content-Security-Policy': POLICY,
    'Permissions-Policy': 'camera=(self), microphone=(), geolocation=()',
    // Kept by browsers, asked about each time: a new release shows at once.
    'Cache-Control': 'no-cache',
    'ETag': asset.etag,
    'Content-Length': String(asset.body.length),
  };
  if (knows(request.headers.get('if-none-match'), asset.etag)) {
    return new Response(null, { status: 304, headers });
  }
  return new Response(asset.body, { headers });
}

/** RFC 9110 13.1.2: weak comparison against the listed tags. */
function knows(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  return ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === etag || tag === '*');
}
