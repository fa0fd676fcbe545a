/** One of the two places for a photo: choosing, dropping, taking, showing and removing it. */
import type { PhotoAnswer, Side } from '../../playground/answer.ts';
import { cameraWay, takePhoto } from './camera.ts';
import { element, say } from './dom.ts';
import { clearOverlay, drawOverlay } from './overlay.ts';
import { strings } from './strings.ts';

export interface SlotEvents {
  /** Files chosen or dropped here; the first one is for this slot. */
  chosen(side: Side, files: readonly File[]): void;
  removed(side: Side): void;
}

export class Slot {
  readonly side: Side;
  readonly #root: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #drop: HTMLElement;
  readonly #photo: HTMLElement;
  readonly #image: HTMLImageElement;
  readonly #overlay: HTMLCanvasElement;
  readonly #facts: HTMLElement;
  readonly #problem: HTMLElement;
  readonly #remove: HTMLButtonElement;
  #file: File | undefined;
  #shown: Promise<boolean> = Promise.resolve(false);

  constructor(side: Side, events: SlotEvents) {
    this.side = side;
    this.#root = element(`slot-${side}`, HTMLElement);
    this.#input = element(`file-${side}`, HTMLInputElement);
    this.#drop = element(`drop-${side}`, HTMLElement);
    this.#photo = element(`photo-${side}`, HTMLElement);
    this.#image = element(`image-${side}`, HTMLImageElement);
    this.#overlay = element(`overlay-${side}`, HTMLCanvasElement);
    this.#facts = element(`facts-${side}`, HTMLElement);
    this.#problem = element(`error-${side}`, HTMLElement);
    this.#remove = element(`remove-${side}`, HTMLButtonElement);
    this.#listen(events);
    this.#listenCamera(events);
  }

  get file(): File | undefined {
    return this.#file;
  }

  /** Shows a photo in place of whatever was there. */
  show(file: File): void {
    this.clear();
    this.#file = file;
    this.#image.alt = strings.photoAlt(this.side);
    this.#image.src = URL.createObjectURL(file);
    this.#shown = this.#image.decode().then(() => true, () => false);
    this.#drop.hidden = true;
    this.#photo.hidden = false;
    this.#remove.hidden = false;
    this.#shown.then((visible) => {
      if (this.#file !== file) return;
      this.#photo.classList.toggle('unseen', !visible);
      if (visible) this.#setRatio(this.#image.naturalWidth, this.#image.naturalHeight);
      else this.#facts.textContent = strings.noPreview;
    });
  }

  /** Draws and tells what the server found in the photo. */
  async describe(answer: PhotoAnswer): Promise<void> {
    this.#setRatio(answer.width, answer.height);
    await this.#shown;
    drawOverlay(this.#overlay, answer, this.#photo.clientWidth);
    const { yaw, pitch, roll } = answer.pose;
    this.#facts.textContent = [
      strings.faces(answer.faces.length),
      strings.confidence(answer.faces[0].confidence),
      strings.pose(yaw, pitch, roll),
    ].join(' · ');
  }

  /** The photo as this browser shows it, or undefined when it cannot. */
  async image(): Promise<HTMLImageElement | undefined> {
    return await this.#shown ? this.#image : undefined;
  }

  /** Says what is wrong with this photo, or takes it back. */
  setProblem(text: string | undefined): void {
    say(this.#problem, text);
    this.#input.setAttribute('aria-invalid', String(text !== undefined));
  }

  /** Forgets what the server found, keeps the photo. */
  forget(): void {
    clearOverlay(this.#overlay);
    this.#facts.textContent = '';
    this.setProblem(undefined);
  }

  clear(): void {
    this.forget();
    URL.revokeObjectURL(this.#image.src);
    this.#image.removeAttribute('src');
    this.#image.alt = '';
    this.#file = undefined;
    this.#input.value = '';
    this.#drop.hidden = false;
    this.#photo.hidden = true;
    this.#remove.hidden = true;
  }

  focus(): void {
    this.#input.focus();
  }

  #setRatio(width: number, height: number): void {
    this.#photo.style.setProperty('--ratio', String(width / Math.max(1, height)));
  }

  #listen(events: SlotEvents): void {
    const { side } = this;
    this.#input.addEventListener('change', () => events.chosen(side, [...this.#input.files ?? []]));
    this.#remove.addEventListener('click', () => {
      this.clear();
      this.focus();
      events.removed(side);
    });
    const mark = (on: boolean) => () => this.#root.classList.toggle('dragging', on);
    this.#root.addEventListener('dragenter', mark(true));
    this.#root.addEventListener('dragover', mark(true));
    this.#root.addEventListener('dragleave', mark(false));
    this.#root.addEventListener('drop', (event) => {
      event.preventDefault();
      mark(false)();
      events.chosen(side, [...event.dataTransfer?.files ?? []]);
    });
  }

  #listenCamera(events: SlotEvents): void {
    const button = element(`camera-${this.side}`, HTMLButtonElement);
    const app = element(`capture-${this.side}`, HTMLInputElement);
    const way = cameraWay();
    button.hidden = way === 'none';
    button.addEventListener('click', async () => {
      if (way === 'app') return app.click();
      const photo = await takePhoto();
      button.focus();
      if (photo !== undefined) events.chosen(this.side, [photo]);
    });
    app.addEventListener('change', () => {
      const files = [...app.files ?? []];
      app.value = '';
      events.chosen(this.side, files);
    });
  }
}
