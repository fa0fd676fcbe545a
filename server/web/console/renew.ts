/**
 * Puts new contents in the place of old ones with as few changes as there can be: whoever reads the page, or has
 * a part of it in focus, keeps the place when figures are renewed every two seconds.
 */

/** Makes the contents of `place` look like `contents`, whose nodes may be taken over. */
export function renew(place: Element, ...contents: readonly Node[]): void {
  const shown = [...place.childNodes];
  for (const [i, fresh] of contents.entries()) {
    if (i >= shown.length) place.append(fresh);
    else renewNode(shown[i], fresh);
  }
  for (const rest of shown.slice(contents.length)) rest.remove();
}

function renewNode(shown: ChildNode, fresh: Node): void {
  if (shown instanceof Element && fresh instanceof Element && shown.nodeName === fresh.nodeName) {
    renewAttributes(shown, fresh);
    renew(shown, ...fresh.childNodes);
  } else if (shown instanceof Text && fresh instanceof Text) {
    if (shown.data !== fresh.data) shown.data = fresh.data;
  } else shown.replaceWith(fresh);
}

function renewAttributes(shown: Element, fresh: Element): void {
  for (const { name } of [...shown.attributes]) {
    if (!fresh.hasAttribute(name)) shown.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (shown.getAttribute(name) === value) continue;
    // the policy of the page forbids styles as texts
    if (name === 'style' && shown instanceof HTMLElement) shown.style.cssText = value;
    else shown.setAttribute(name, value);
  }
}
