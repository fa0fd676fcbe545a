/** Reads the report that `bun test --reporter=junit` writes. */
export interface TestCase {
  /** Names of the groups around it, outermost first, and its own. */
  readonly path: readonly string[];
  /** Neither failed nor skipped. */
  readonly passed: boolean;
}

const TAG =
  /<(\/?)(testsuite|testcase|failure|error|skipped)\b((?:[^"'>]|"[^"]*"|'[^']*')*?)(\/?)>/g;
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** The cases of a report; the outermost group, which is the file, is left out of their paths. */
export function readJunit(xml: string): TestCase[] {
  const cases: TestCase[] = [];
  const groups: string[] = [];
  let open: { path: string[]; passed: boolean } | undefined;
  for (const [, closing, tag, attributes, empty] of xml.matchAll(TAG)) {
    if (tag === 'testsuite') {
      if (closing) groups.pop();
      else if (!empty) groups.push(nameIn(attributes));
    } else if (tag !== 'testcase') {
      if (open && !closing) open.passed = false;
    } else {
      if (!closing) open = { path: [...groups.slice(1), nameIn(attributes)], passed: true };
      if ((closing || empty) && open) {
        cases.push(open);
        open = undefined;
      }
    }
  }
  return cases;
}

function nameIn(attributes: string): string {
  const name = /\bname="([^"]*)"/.exec(attributes)?.[1] ?? '';
  return name.replace(
    /&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi,
    (_, decimal, hex, named) =>
      named ? NAMED[named] ?? '' : String.fromCodePoint(decimal ? +decimal : parseInt(hex, 16)),
  );
}
