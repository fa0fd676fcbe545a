/** Shows the picture and asks whether to keep it. */
import { make } from '../dom.ts';
import type { Stage } from '../stage.ts';
import { ask } from './panel.ts';

/** Whether to take another one. */
export async function wantsAnother(
  stage: Stage,
  picture: Blob,
  mirrored: boolean,
  signal: AbortSignal,
): Promise<boolean> {
  const { texts } = stage;
  const url = URL.createObjectURL(picture);
  try {
    const image = make('img', 'picture', { src: url, alt: texts.RETAKE_PICTURE });
    // as the person saw it, who else would think that it is somebody else's face
    image.classList.toggle('gh-mirrored', mirrored);
    return await ask(stage, texts.RETAKE_TITLE, [image], [
      { text: texts.RETAKE_USE, value: false, primary: true },
      { text: texts.FEEDBACK_BUTTON_RETRY, value: true },
    ], signal);
  } finally {
    URL.revokeObjectURL(url);
  }
}
