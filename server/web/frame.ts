/** What all pages have in common: the head, and the band with the ways to the other pages. */

/** English words of the band; a page that has other languages brings its own. */
export const frameWords = {
  product: 'Gatehouse',
  pages: 'Pages',
  compareFaces: 'Compare faces',
  verifyChip: 'Passport chip',
  captureFace: 'Capture a face',
  api: 'API',
};

const WAYS = [
  ['/', 'compareFaces'],
  ['/docval', 'verifyChip'],
  ['/demo', 'captureFace'],
  ['/docs', 'api'],
] as const;

const HEAD = `<meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="theme-color" content="#12395f">
    <title>{{title}}</title>
    <link rel="icon" href="/home/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/home/style.css">`;

/**
 * Puts the frame into a page and words in place of the {{placeholders}} of both.
 * @param at path of the page
 * @throws Error that names a placeholder without words
 */
export function framed(
  source: string,
  at: string,
  words: Readonly<Record<string, string>>,
): string {
  const ways = WAYS.map(([path, word]) => {
    const current = path === at ? ' aria-current="page"' : '';
    return `<a href="${path}"${current} data-text="${word}">{{${word}}}</a>`;
  });
  const band = `<header class="band">
      <div class="inner">
        <p class="brand"><img src="/home/icon.svg" alt="" width="28" height="28">{{product}}</p>
        <nav aria-label="{{pages}}" data-label="pages">${ways.join(' ')}</nav>
      </div>
    </header>`;
  const text: Readonly<Record<string, string>> = { ...frameWords, ...words };
  return source.replace('{{head}}', HEAD).replace('{{band}}', band)
    .replaceAll(/\{\{(\w+)\}\}/g, (_, key: string) => {
      const word = text[key];
      if (word === undefined) throw new Error(`${at}: no text for {{${key}}}`);
      return escapeHtml(word);
    });
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
