/** Two 480x640 selfies of one person for the benchmarks, made from evaluation pictures. */
import sharp from 'sharp';
import { sharedPath } from '../test/support/shared-data.ts';

const PICTURES = ['Abdullah_Gul_0013', 'Abdullah_Gul_0014'];

/** JPEG files: the 250x250 pictures enlarged to 480 wide, 80 pixels of their edge above and below. */
export async function benchmarkSelfies(): Promise<Uint8Array<ArrayBuffer>[]> {
  return await Promise.all(PICTURES.map(async (name) => {
    const path = sharedPath(`faces/lfw-view1/images/${name.slice(0, -5)}/${name}.jpg`);
    const picture = await sharp(path).resize(480, 480)
      .extend({ top: 80, bottom: 80, extendWith: 'mirror' }).jpeg({ quality: 90 }).toBuffer();
    return new Uint8Array(picture);
  }));
}
