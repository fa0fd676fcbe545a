/** Reads metrics as a scraper would. */

export type Scraped = ReadonlyMap<string, number>;

/** Series as written -> value, of a text in the exposition format. */
export function parseMetrics(text: string): Scraped {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => {
    const space = line.lastIndexOf(' ');
    return [line.slice(0, space), Number(line.slice(space + 1).replace('Inf', 'Infinity'))];
  }));
}

/** The metrics of the server at this origin. */
export async function scrape(origin: string): Promise<Scraped> {
  const answer = await fetch(new URL('/metrics', origin));
  if (answer.status !== 200) throw new Error(`/metrics: ${answer.status}`);
  return parseMetrics(await answer.text());
}
