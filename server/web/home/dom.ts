/** Elements of the page by id, with the class the caller expects. */

/** @throws Error when index.html and this script disagree, which is a defect of the page */
export function element<T extends Element>(id: string, type: { new (): T }): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`page: #${id} is missing`);
  return found;
}

/** A new element with a class and a text. */
export function make(tag: string, className: string, text = ''): HTMLElement {
  const created = document.createElement(tag);
  if (className !== '') created.className = className;
  created.textContent = text;
  return created;
}

/** Shows `text` in an element, or hides the element when there is none. */
export function say(target: HTMLElement, text: string | undefined): void {
  target.textContent = text ?? '';
  target.hidden = text === undefined;
}

/** How to scroll for a person who may have asked for less motion. */
export function scrolling(): ScrollBehavior {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
}
