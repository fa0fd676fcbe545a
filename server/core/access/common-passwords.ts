/** Passwords that many people have, and those that are two of them in a row: OWASP ASVS 5.0, 6.2.4. */
import text from './common-passwords.txt' with { type: 'text' };

/** A guess at two of the list in a row is one of 2^31. */
const MOST_PARTS = 2;
/** A date, a telephone number, `12345678`. */
const DIGITS = /^\d{1,8}$/;

let known: { readonly words: ReadonlySet<string>; readonly longest: number } | undefined;

/**
 * Whether a password is one or two parts and nothing else. A part is a common password, up to eight digits, or
 * any single character, and may stand there several times in a row: `password2026`, `qwerty-qwerty-`, `aaaaaaaaaaaa`.
 */
export function isCommon(password: string): boolean {
  const { words, longest } = known ??= readWords();
  const folded = onceOnly(password.toLowerCase());
  /** Parts that lead up to each place, the fewest. */
  const parts = new Map([[0, 0]]);
  for (let start = 0; start < folded.length; start++) {
    const before = parts.get(start) ?? MOST_PARTS;
    if (before === MOST_PARTS) continue;
    for (let length = 1; length <= longest && start + length <= folded.length; length++) {
      const part = folded.slice(start, start + length);
      if (length > 1 && !words.has(part) && !DIGITS.test(part)) continue;
      for (let end = start + length;; end += length) {
        parts.set(end, Math.min(parts.get(end) ?? MOST_PARTS, before + 1));
        if (!folded.startsWith(part, end)) break;
      }
    }
  }
  return parts.has(folded.length);
}

/** What a text consists of several times: `ab` of `ababab`, and otherwise all of it. */
function onceOnly(text: string): string {
  return text.slice(0, (text + text).indexOf(text, 1));
}

function readWords(): { words: Set<string>; longest: number } {
  // the notice ends with an empty line
  const words = new Set(text.slice(text.indexOf('\n\n') + 2).trimEnd().split('\n'));
  let longest = 0;
  for (const { length } of words) longest = Math.max(longest, length);
  return { words, longest };
}
