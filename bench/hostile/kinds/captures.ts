/** Captures that open, but show or ask for what they should not. */
import { type Kind, pick, type Sources, textBytes } from '../case.ts';
import {
  BAD_IMAGE,
  BAD_JSON,
  type Expected,
  INSECURE,
  JUDGED,
  NO_TEMPLATES,
  RETRY,
  WRONG_SIZE,
} from '../expected.ts';
import {
  described,
  face,
  PROCESS,
  sealed,
  SEALED_PATHS,
  sealedCase,
  SECURE,
  selfie,
  VERIFY,
} from '../honest.ts';

/** A frame that is no picture to look at. */
function framed(
  name: string,
  frame: (sources: Sources) => Uint8Array | Promise<Uint8Array>,
  expect: Expected = BAD_IMAGE,
): Kind {
  return {
    name: `frame: ${name}`,
    make: async (s) =>
      sealedCase(s, pick(s.random, SEALED_PATHS), await sealed(s, {}, [await frame(s)]), expect),
  };
}

export const CAPTURE_KINDS: readonly Kind[] = [
  framed('SVG', () => textBytes('<svg xmlns="http://www.w3.org/2000/svg"/>')),
  framed('PNG', ({ gallery }) => gallery.pngSelfie),
  framed('268-megapixel PNG', ({ gallery }) => gallery.hugePng),
  framed('GIF', () => textBytes('GIF89a\x01\0\x01\0')),
  framed('face record', () => textBytes('FAC\x00010\0\xff\xff\xff\xff')),
  framed('dense 24-megapixel JPEG', ({ gallery }) => gallery.denseJpeg, WRONG_SIZE),
  framed('cut JPEG', (s) => selfie(s).subarray(0, 5000)),
  framed('noise', ({ gallery }) => gallery.noise),
  framed('another size', face, WRONG_SIZE),
  {
    name: 'frame: no picture behind the first',
    make: async (s) => {
      const file = await sealed(s, {}, [selfie(s), textBytes('no picture')]);
      return sealedCase(s, pick(s.random, SEALED_PATHS), file, BAD_IMAGE);
    },
  },
  {
    name: 'frame: the same thirty-one times',
    make: async (s) => {
      const file = await sealed(s, {}, new Array(32).fill(selfie(s)));
      return sealedCase(s, SECURE, file, JUDGED);
    },
  },
  {
    name: 'capture: camera that is a program',
    make: async (s) => {
      const { camera } = described(s);
      const file = await sealed(s, { camera: { ...camera, label: 'OBS Virtual Camera' } });
      return sealedCase(s, pick(s.random, [PROCESS, VERIFY]), file, INSECURE);
    },
  },
  {
    name: 'capture: level that nobody reaches',
    make: async (s) => {
      const file = await sealed(s, { anti_spoofing: { enabled: true, threshold: 'HIGHEST' } });
      return sealedCase(s, pick(s.random, [PROCESS, VERIFY]), file, RETRY);
    },
  },
  {
    name: 'capture: no templates',
    make: async (s) => sealedCase(s, VERIFY, await sealed(s, { templates: [] }), NO_TEMPLATES),
  },
  {
    name: 'capture: background that is no colour',
    make: async (s) => {
      const icao = { checks: true, background_removal: true, background_color: 'url(x)' };
      return sealedCase(s, PROCESS, await sealed(s, { icao }), BAD_JSON);
    },
  },
];
