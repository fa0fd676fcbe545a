/**
 * JavaScript engines keep the last text that a regular expression matched, for the old properties of RegExp
 * (`RegExp.input`, `RegExp.lastMatch`). After a document that text is its machine readable zone.
 */
const NOTHING = /^$/;

/** Puts an empty text in its place; for the end of everything that has seen a document. */
export function forgetLastMatch(): void {
  NOTHING.test('');
}
