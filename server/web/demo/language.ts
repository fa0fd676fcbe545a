/** Which language the page speaks: chosen, remembered, else the browser's. */
import { element } from '../home/dom.ts';
import { languages } from './strings.ts';
import type { Text } from './text-en.ts';

const KEPT = 'gatehouse-demo-language';

export let text: Text = languages.en.text;

/** Fills the list and the page. */
export function startLanguages(): void {
  const list = element('language', HTMLSelectElement);
  for (const [code, { name }] of Object.entries(languages)) {
    const option = new Option(name, code);
    option.lang = code;
    list.add(option);
  }
  const preferred = kept() ?? navigator.language.slice(0, 2);
  list.value = preferred in languages ? preferred : 'en';
  list.onchange = () => {
    keep(list.value);
    speak(list.value);
  };
  speak(list.value);
}

function speak(code: string): void {
  ({ text } = languages[code]);
  const words: Readonly<Record<string, string>> = text.page;
  document.documentElement.lang = code;
  document.documentElement.dir = text.sdk.dir ?? 'ltr';
  document.title = text.page.title;
  for (const place of document.querySelectorAll<HTMLElement>('[data-text]')) {
    place.textContent = words[place.dataset.text ?? ''];
  }
  for (const place of document.querySelectorAll<HTMLElement>('[data-label]')) {
    place.setAttribute('aria-label', words[place.dataset.label ?? '']);
  }
  for (const place of document.querySelectorAll<HTMLImageElement>('[data-alt]')) {
    place.alt = words[place.dataset.alt ?? ''];
  }
}

/** A browser may forbid storage. */
function kept(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function keep(code: string): void {
  try {
    localStorage.setItem(KEPT, code);
  } catch {
    // asked again next time
  }
}
