/** Every word of the demonstration in five languages; `page` fills index.html until a person chooses another. */
import { arabic } from './text-ar.ts';
import { english, type Text } from './text-en.ts';
import { french } from './text-fr.ts';
import { portuguese } from './text-pt.ts';
import { spanish } from './text-es.ts';

export const strings = { page: english.page };

export const languages: Readonly<Record<string, { readonly name: string; readonly text: Text }>> = {
  en: { name: 'English', text: english },
  es: { name: 'Español', text: spanish },
  fr: { name: 'Français', text: french },
  ar: { name: 'العربية', text: arabic },
  pt: { name: 'Português', text: portuguese },
};
