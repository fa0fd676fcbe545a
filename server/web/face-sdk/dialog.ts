/** The capture dialog: modal, over everything, with the classes that integrators wait for. */
import type { Settings } from './options.ts';
import { Stage } from './stage.ts';
import { adoptStyle } from './style.ts';

export interface Opened {
  readonly stage: Stage;
  remove(): void;
}

/** @param onClose the person closes it, where that is allowed */
export function openDialog(settings: Settings, onClose: () => void): Opened {
  adoptStyle(document);
  const stage = new Stage(settings);
  const dialog = document.createElement('dialog');
  dialog.className = 'ui-dialog identy-face-dialog identy-capture-dialog';
  dialog.setAttribute('aria-label', settings.texts.CAPTURE_TITLE);
  // else a second press of Escape closes it whatever a page says
  dialog.setAttribute('closedby', settings.allowClose ? 'closerequest' : 'none');
  dialog.append(stage.element);
  stage.close.onclick = onClose;
  dialog.oncancel = (event) => {
    event.preventDefault();
    if (settings.allowClose) onClose();
  };
  document.body.append(dialog);
  dialog.showModal();
  return {
    stage,
    remove() {
      dialog.close();
      dialog.remove();
    },
  };
}
