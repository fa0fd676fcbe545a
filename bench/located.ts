/** Looking for a face in a picture that may have none. */
import { FaceError } from '../biometrics/errors.ts';
import type { FaceLocator } from '../biometrics/locate.ts';
import type { FaceScene } from '../biometrics/scene.ts';
import type { Picture } from '../biometrics/types.ts';

/** The scene of a picture, or undefined when no face is found in it. */
export async function located(
  locator: FaceLocator,
  picture: Picture,
): Promise<FaceScene | undefined> {
  try {
    return (await locator.locate(picture)).scene;
  } catch (error) {
    if (error instanceof FaceError && error.code === 'NO_FACE') return undefined;
    throw error;
  }
}
