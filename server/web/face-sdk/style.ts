/**
 * The look of the dialog, as a constructed style sheet: a page whose policy forbids inline styles takes it.
 * Colours of `graphics.canvas` come in as custom properties.
 */
const CSS = `
.identy-face-dialog {
  width: 100vw; height: 100dvh; max-width: none; max-height: none; margin: 0; padding: 0; border: 0;
  overflow: hidden; background: #10161c;
}
.identy-face-dialog::backdrop { background: rgb(6 10 14 / 75%); }
@media (min-width: 40rem) and (min-height: 30rem) {
  .identy-face-dialog { width: min(94vw, 69dvh); height: 92dvh; margin: auto; border-radius: 1rem; }
}
.gh-stage {
  position: relative; display: block; width: 100%; height: 100%; overflow: hidden; container-type: size;
  background: #10161c; color: #fff;
  font: 1rem/1.4 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
}
.gh-inline { aspect-ratio: 3 / 4; height: auto; border-radius: 0.75rem; }
.gh-stage *, .gh-stage { box-sizing: border-box; }
.gh-stage [hidden] { display: none !important; }
.gh-video, .gh-guide {
  position: absolute; inset-inline: 0; top: calc(0.3 * max(0px, 100cqh - 133.33cqw)); margin: 0 auto; padding: 0;
  border: 0; border-radius: 0; max-width: none; width: min(100cqw, 75cqh); aspect-ratio: 3 / 4;
}
.gh-video { object-fit: cover; }
.gh-mirrored { transform: scaleX(-1); }
.gh-outside { fill: var(--gh-canvas, rgb(13 19 25 / 72%)); }
.gh-oval { fill: none; stroke: var(--gh-oval-error, #ffffff); stroke-width: 4; }
.gh-held { fill: none; stroke: var(--gh-oval, #3ddc84); stroke-width: 8; stroke-linecap: round; }
.gh-good .gh-oval { stroke: var(--gh-oval, #3ddc84); }
.gh-held[stroke-dasharray^='0 '] { stroke: none; }
.gh-tick { stroke: var(--gh-tick, #8b98a5); stroke-width: 4; stroke-linecap: round; }
.gh-tick.gh-active { stroke: var(--gh-tick-active, #3ddc84); }
.gh-label {
  position: absolute; inset-block-end: max(4.25rem, 12%); inset-inline: 0; width: fit-content; max-width: min(90%, 26rem);
  margin: 0 auto; padding: 0.625rem 1.125rem; border-radius: 1.5rem; text-align: center; text-wrap: balance;
  background: var(--gh-label-background, #10161c); color: var(--gh-label, #ffffff);
  font-size: 1.125rem; font-weight: 600;
}
.gh-label:empty { display: none; }
.gh-actions {
  position: absolute; inset-block-end: max(1rem, env(safe-area-inset-bottom)); inset-inline: 0;
  display: flex; justify-content: center; gap: 0.75rem;
}
.gh-button {
  min-height: 2.75rem; padding: 0.5rem 1.375rem; border: 1px solid #8b98a5; border-radius: 0.625rem;
  background: #1b252f; color: #fff; font: inherit; font-weight: 600; cursor: pointer;
}
.gh-button:hover { background: #2a3846; }
.gh-button.gh-primary { border-color: #8fc1ee; background: #8fc1ee; color: #0b1a28; }
.gh-button.gh-primary:hover { background: #b5d7f5; }
.gh-stage :focus-visible { outline: 3px solid #8fc1ee; outline-offset: 2px; }
.gh-panel {
  position: absolute; inset: 0; display: flex; flex-direction: column; justify-content: center; gap: 1rem;
  padding: 1.5rem clamp(1rem, 6%, 2.5rem) 5rem; overflow: auto; background: #10161c; color: #fff;
}
.gh-title { margin: 0; font-size: 1.375rem; line-height: 1.25; }
.gh-steps { display: grid; gap: 0.875rem; margin: 0; padding: 0; list-style: none; }
.gh-step { display: grid; grid-template-columns: 3.25rem 1fr; gap: 0.875rem; align-items: center; font-size: 1.0625rem; }
.gh-icon { width: 3.25rem; height: 3.25rem; padding: 0.5rem; border-radius: 0.75rem; background: #1b252f; fill: none; stroke: #8fc1ee; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.gh-choice { display: flex; align-items: center; gap: 0.625rem; min-height: 2.75rem; }
.gh-choice input { width: 1.25rem; height: 1.25rem; accent-color: #8fc1ee; }
.gh-list { display: grid; gap: 0.625rem; }
.gh-list .gh-button { text-align: start; }
.gh-row { display: flex; flex-wrap: wrap; gap: 0.75rem; }
.gh-row .gh-button { flex: 1 1 9rem; }
.gh-picture { display: block; min-height: 0; max-width: 100%; margin: 0 auto; border-radius: 0.75rem; object-fit: contain; flex: 0 1 auto; max-height: 65%; }
.gh-progress { position: absolute; inset: 0; display: grid; place-content: center; justify-items: center; gap: 1rem; background: rgb(13 19 25 / 85%); font-size: 1.125rem; }
.gh-spinner { width: 3rem; height: 3rem; border: 4px solid #2a3846; border-top-color: #8fc1ee; border-radius: 50%; animation: gh-turn 1s linear infinite; }
@keyframes gh-turn { to { transform: rotate(1turn); } }
@media (prefers-reduced-motion: reduce) { .gh-spinner { animation-duration: 4s; } }
@media (prefers-reduced-motion: no-preference) { .gh-oval, .gh-tick { transition: stroke 150ms; } }
`;

let sheet: CSSStyleSheet | undefined;

/** Gives a document or shadow root the look; does nothing the second time. */
export function adoptStyle(root: DocumentOrShadowRoot): void {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
}
