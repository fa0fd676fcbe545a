/** Makes the 480x640 portrait of a document out of any picture with a face: cut, levelled, background as wanted. */
import type { Pack } from '../../models/mod.ts';
import { scaleOf } from '../align/affine.ts';
import { Pyramid } from '../align/pyramid.ts';
import { networkOf } from '../runtime/network-of.ts';
import type { NetworkLoader } from '../runtime/network.ts';
import type { FaceScene } from '../scene.ts';
import { segmentForeground } from '../segment/foreground.ts';
import type { Picture } from '../types.ts';
import { meanBackground, replaceBackground } from './background.ts';
import type { Colour } from './colour.ts';
import { keepConnected } from './connected.ts';
import { cutFrame } from './cut.ts';
import { matte } from './matte.ts';
import { TOKEN_EYES, TOKEN_HEIGHT, TOKEN_WIDTH, tokenFrame } from './token-frame.ts';

/** A pixel that is the person's for certain. */
const BETWEEN_EYES = [TOKEN_WIDTH / 2 - 1, TOKEN_EYES[0][1]] as const;

export interface PortraitOptions {
  /** "keep" the picture's own background, or take it out for its "mean" colour or a chosen one. */
  readonly background: 'keep' | 'mean' | Colour;
}

export interface Portrait {
  /** 480x640. */
  readonly picture: Picture;
  /** Share of the portrait that the picture does not cover, 0..1; it has the background's colour. */
  readonly outsideShare: number;
  /** Pixels of the picture per pixel of the portrait; under 1 the portrait is magnified. */
  readonly scale: number;
  /** Mean colour of the background, or the chosen one. */
  readonly background: Colour;
}

export interface PortraitMaker {
  make(scene: FaceScene, options: PortraitOptions): Promise<Portrait>;
}

/** @throws FaceError PACK_INCOMPLETE when the pack has no segmentation */
export async function createPortraitMaker(
  pack: Pack,
  loader: NetworkLoader,
): Promise<PortraitMaker> {
  const segmentation = await loader.load(networkOf(pack, 'segmentation'));
  return {
    async make({ pyramid, mesh }, options) {
      const frame = tokenFrame(mesh);
      const { picture, inside, outsideShare } = cutFrame(pyramid, frame, TOKEN_WIDTH, TOKEN_HEIGHT);
      // The mask is made of the portrait itself: a small face in a large picture would have a coarse one.
      const cut = new Pyramid(picture);
      const person = matte(cut, await segmentForeground(segmentation, cut));
      keepConnected(person, TOKEN_WIDTH, BETWEEN_EYES);
      const background = options.background === 'keep' || options.background === 'mean'
        ? meanBackground(picture, person.map((share, i) => inside[i] === 0 ? 1 : share))
        : options.background;
      const alpha = person.map((share, i) => inside[i] * share);
      return {
        picture: options.background === 'keep'
          ? fillOutside(picture, inside, background)
          : replaceBackground(picture, alpha, background),
        outsideShare,
        scale: scaleOf(frame),
        background,
      };
    },
  };
}

function fillOutside(picture: Picture, inside: Uint8Array, colour: Colour): Picture {
  const data = picture.data.slice();
  inside.forEach((covered, i) => {
    if (covered === 0) data.set(colour.map(Math.round), 3 * i);
  });
  return { ...picture, data };
}
