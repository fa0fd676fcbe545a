/** Elements made in one line. Nothing here parses HTML, so that a page with trusted types takes it. */

type Attributes = Readonly<Record<string, string>>;

/** A part can be styled from outside a shadow root with `::part(NAME)`, elsewhere by the class `gh-NAME`. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  part: string,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.classList.add(`gh-${part}`);
  element.part.add(part);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function shape(tag: string, attributes: Attributes, ...children: Node[]): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
