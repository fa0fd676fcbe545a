/** What a capture shows, wherever it stands: video, guide, guidance, buttons, and screens over them. */
import { make } from './dom.ts';
import type { CanvasGraphics } from './face-sdk.d.ts';
import { createGuide, type Guide } from './guide.ts';
import type { TextKey, Texts } from './localization.ts';
import type { Settings } from './options.ts';

/** Shortest time that a text stays, so that it can be read and is not spoken over. */
const TEXT_STAYS_MS = 700;

const COLORS: Readonly<Record<keyof CanvasGraphics, string>> = {
  label: '--gh-label',
  labelBackground: '--gh-label-background',
  canvasBackground: '--gh-canvas',
  ovalBorderBackground: '--gh-oval',
  ovalBorderErrorBackground: '--gh-oval-error',
  tickerDefaultBackground: '--gh-tick',
  tickerActiveBackground: '--gh-tick-active',
};

/** The layout that own templates start from: every class but the outermost must stay. */
export const CAPTURE_HTML = `<div class="gh-stage">
  <video class="gh-video" playsinline muted autoplay></video>
  <div class="gh-guide"></div>
  <p class="gh-label" role="status" aria-live="polite"></p>
  <div class="gh-actions"><button type="button" class="gh-button gh-close"></button></div>
</div>`;

export const PROGRESS_HTML = `<div class="gh-progress" role="status">
  <div class="gh-spinner"></div>
  <p class="gh-progress-label"></p>
</div>`;

export class Stage {
  readonly element: HTMLElement;
  readonly video: HTMLVideoElement;
  readonly close: HTMLElement;
  readonly texts: Texts;
  readonly #label: HTMLElement;
  readonly #guide: Guide;
  readonly #settings: Settings;
  #shown: TextKey | undefined;
  #shownMs = -Infinity;

  /** @throws TypeError when an own template lacks a class */
  constructor(settings: Settings) {
    const { texts, htmlTemplates, colors } = this.#settings = settings;
    this.texts = texts;
    const own = htmlTemplates.CAPTURE_DIALOG;
    this.element = own === undefined ? standard() : parse(own);
    this.element.classList.add('gh-stage');
    this.element.part.add('stage');
    this.element.lang = texts.lang;
    this.element.dir = texts.dir;
    this.video = find(this.element, 'gh-video', HTMLVideoElement);
    this.video.muted = true;
    this.#label = find(this.element, 'gh-label', HTMLElement);
    this.close = find(this.element, 'gh-close', HTMLElement);
    this.close.textContent = texts.FEEDBACK_BUTTON_CLOSE;
    this.close.hidden = !settings.allowClose;
    this.#guide = createGuide(settings.ticking);
    find(this.element, 'gh-guide', Element).replaceWith(this.#guide.element);
    for (const [name, property] of Object.entries(COLORS)) {
      const color = colors[name as keyof CanvasGraphics];
      if (color !== undefined) this.element.style.setProperty(property, color);
    }
  }

  /** Shows a text; one that is new waits until the last one could be read. Gives whether it was shown. */
  say(key: TextKey, nowMs: number): boolean {
    if (key === this.#shown || nowMs - this.#shownMs < TEXT_STAYS_MS) return false;
    this.#shown = key;
    this.#shownMs = nowMs;
    this.#label.textContent = this.texts[key];
    return true;
  }

  guide(good: boolean, held: number): void {
    this.#guide.show(good, held);
  }

  mirror(mirrored: boolean): void {
    this.video.classList.toggle('gh-mirrored', mirrored);
  }

  /** Covers the video until the returned function is called. */
  progress(): () => void {
    const own = this.#settings.htmlTemplates.PROGRESS_DIALOG;
    const cover = own === undefined
      ? make(
        'div',
        'progress',
        { role: 'status' },
        make('div', 'spinner'),
        make('p', 'progress-label'),
      )
      : parse(own);
    const label = cover.querySelector('.gh-progress-label');
    if (label !== null) label.textContent = this.texts.FEEDBACK_PROCESSING;
    this.element.append(cover);
    return () => cover.remove();
  }
}

function standard(): HTMLElement {
  return make(
    'div',
    'stage',
    {},
    make('video', 'video', { playsinline: '', muted: '', autoplay: '' }),
    make('div', 'guide'),
    make('p', 'label', { role: 'status', 'aria-live': 'polite' }),
    make('div', 'actions', {}, closeButton()),
  );
}

function closeButton(): HTMLElement {
  const button = make('button', 'button', { type: 'button' });
  button.classList.add('gh-close');
  return button;
}

/** The integrator's HTML. Scripts in it do not run: the parser is that of documents without a window. */
function parse(html: string): HTMLElement {
  const [first] = new DOMParser().parseFromString(html, 'text/html').body.children;
  if (first instanceof HTMLElement) return document.adoptNode(first);
  throw new TypeError('htmlTemplates: no element');
}

function find<T extends Element>(
  root: HTMLElement,
  name: string,
  type: abstract new (...a: never[]) => T,
): T {
  const found = root.querySelector(`.${name}`);
  if (found instanceof type) return found;
  throw new TypeError(`htmlTemplates.CAPTURE_DIALOG: no element of class ${name}`);
}
