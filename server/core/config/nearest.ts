/** The name that somebody probably meant: "did you mean ...?" */

/** Mistakes that a name may have: two, one in names of up to four letters. */
const mostWrong = (name: string): number => name.length > 4 ? 2 : 1;
const MAX_CHARACTERS = 100;

/** Letters added, left out, replaced or exchanged with the next one (optimal string alignment). */
function mistakes(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(row[j] + 1, next[j - 1] + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, before[j - 2] + 1);
      }
      next.push(least);
    }
    [before, row] = [row, next];
  }
  return row[b.length];
}

/** The name with the fewest mistakes, else the only one with the same last part. */
function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > MAX_CHARACTERS) return undefined;
  const last = lastPart(name);
  const namesakes = known.filter((other) => lastPart(other) === last);
  let best = namesakes.length === 1 ? namesakes[0] : undefined;
  let least = mostWrong(name) + 1;
  for (const other of known) {
    const wrong = mistakes(name, last === name ? lastPart(other) : other);
    if (wrong < least) [best, least] = [other, wrong];
  }
  return best;
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** Ends a message about an unknown name. */
export function suggestion(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return meant === undefined ? '' : `; did you mean ${meant}?`;
}
