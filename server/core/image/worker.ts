/** Worker entry: pictures of any accepted format to JPEG, one at a time. */
// Must stay first: nothing below may load a native library before the environment is prepared.
import '../native/libraries.ts';
import { decodePicture, encodeJpeg } from '../../../biometrics/image/mod.ts';
import { serveJobs } from '../inference/serve-jobs.ts';
import type { ConversionInit, ConversionJob } from './jpeg-converter.ts';

serveJobs<ConversionInit, ConversionJob, Uint8Array>(({ maxPixels, quality }) =>
  Promise.resolve(async ({ image }) =>
    await encodeJpeg(await decodePicture(image, { maxPixels }), quality)
  )
);
