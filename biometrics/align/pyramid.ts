/**
 * A picture at halved sizes, made when first asked for, so that strong reductions do not alias:
 * bilinear sampling is only ever done at less than two picture pixels per crop pixel.
 */
import type { Picture } from '../types.ts';

export class Pyramid {
  readonly #levels: Picture[];

  constructor(picture: Picture) {
    this.#levels = [picture];
  }

  get picture(): Picture {
    return this.#levels[0];
  }

  /** The level at which `scale` picture pixels per crop pixel become less than two, and its number. */
  levelFor(scale: number): { picture: Picture; level: number } {
    let level = 0;
    for (let rest = scale; rest >= 2; rest /= 2) {
      const previous = this.#levels[level];
      if (previous.width < 4 || previous.height < 4) break;
      level++;
      this.#levels[level] ??= halve(previous);
    }
    return { picture: this.#levels[level], level };
  }
}

/** Averages blocks of 2x2 pixels; an odd last row or column is dropped. */
function halve(picture: Picture): Picture {
  const width = picture.width >> 1, height = picture.height >> 1;
  const data = new Uint8Array(width * height * 3);
  const source = picture.data, row = picture.width * 3;
  let out = 0;
  for (let y = 0; y < height; y++) {
    let at = 2 * y * row;
    for (let x = 0; x < width; x++, at += 6, out += 3) {
      const below = at + row;
      data[out] = (source[at] + source[at + 3] + source[below] + source[below + 3] + 2) >> 2;
      data[out + 1] =
        (source[at + 1] + source[at + 4] + source[below + 1] + source[below + 4] + 2) >>
        2;
      data[out + 2] =
        (source[at + 2] + source[at + 5] + source[below + 2] + source[below + 5] + 2) >>
        2;
    }
  }
  return { width, height, data };
}
