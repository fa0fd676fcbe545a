/** `<gatehouse-capture>`: the capture inside a page, for integrators who style it with `::part()`. */
import { make } from './dom.ts';
import type { Opened } from './dialog.ts';
import type * as Declared from './face-sdk.d.ts';
import { type Settings, settingsOf } from './options.ts';
import { FaceSDK } from './sdk.ts';
import { Stage } from './stage.ts';
import { adoptStyle } from './style.ts';

/** Servers that render pages load the module too, and have no elements. */
const Base = globalThis.HTMLElement ?? class {} as typeof HTMLElement;

export class GatehouseCaptureElement extends Base {
  options: Declared.SdkOptions = {};
  readonly #root = this.attachShadow({ mode: 'open' });
  #sdk: FaceSDK | undefined;

  connectedCallback(): void {
    adoptStyle(this.#root);
    if (!this.style.display) this.style.display = 'block';
    if (this.#sdk === undefined) this.#offer();
  }

  disconnectedCallback(): void {
    this.abort();
  }

  async start(): Promise<Blob> {
    if (this.#sdk !== undefined) throw new TypeError('start: a capture is under way');
    const tell = (type: string, detail: unknown) =>
      this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
    const { events } = this.options;
    const sdk = this.#sdk = new FaceSDK({
      ...this.options,
      events: {
        ...events,
        onFeedback(key) {
          events?.onFeedback?.(key);
          tell('feedback', key);
        },
        onImageQualityDetected(quality) {
          events?.onImageQualityDetected?.(quality);
          tell('quality', quality);
        },
      },
    }, (settings, onClose) => this.#show(settings, onClose));
    try {
      const blob = await sdk.capture();
      tell('capture', blob);
      return blob;
    } catch (error) {
      tell('failure', error);
      throw error;
    } finally {
      this.#sdk = undefined;
      if (this.isConnected) this.#offer();
    }
  }

  abort(): void {
    this.#sdk?.abort();
  }

  /** The button that begins a capture. */
  #offer(): void {
    const { texts } = settingsOf(this.options);
    const button = make('button', 'button', { type: 'button' }, texts.CAPTURE_START);
    button.classList.add('gh-primary');
    // what went wrong is told by the event
    button.onclick = () => void this.start().catch(() => {});
    const panel = make('div', 'panel', {}, button);
    const stage = make('div', 'stage', { lang: texts.lang, dir: texts.dir }, panel);
    this.#root.replaceChildren(this.#framed(stage));
  }

  #show(settings: Settings, onClose: () => void): Opened {
    const stage = new Stage(settings);
    stage.close.onclick = onClose;
    this.#root.replaceChildren(this.#framed(stage.element));
    return { stage, remove: () => this.#root.replaceChildren() };
  }

  #framed(stage: HTMLElement): HTMLElement {
    stage.classList.add('gh-inline');
    return stage;
  }
}

/** Once per page, whatever copies of the module it loads. */
export function defineElement(): void {
  const registry: CustomElementRegistry | undefined = globalThis.customElements;
  if (registry?.get('gatehouse-capture') === undefined) {
    registry?.define('gatehouse-capture', GatehouseCaptureElement);
  }
}
