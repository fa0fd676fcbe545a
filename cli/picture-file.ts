/** Files named on the command line, read no further than a picture can be long, whatever they are: file, pipe, device. */
import { createReadStream } from 'node:fs';
import { FaceError } from '../biometrics/mod.ts';

/** The picture itself is held to its own limit later; a face record adds headers to it. */
const MAX_BYTES = 21_000_000;

/**
 * The bytes of a file.
 * @throws FaceError IMAGE_TOO_LARGE; the system's own error, with the path in its message
 */
export async function readPictureFile(path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of createReadStream(path)) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAX_BYTES) {
        throw new FaceError('IMAGE_TOO_LARGE', `${path}: more than ${MAX_BYTES} bytes`);
      }
    }
  } catch (error) {
    if (error instanceof Error && !error.message.includes(path)) {
      error.message = `${path}: ${error.message}`;
    }
    throw error;
  }
  return Buffer.concat(chunks);
}
