/** A setting in words: what `config explain`, the example file and docs/configuration.md say of it. */
import { variablesOf } from './environment-source.ts';
import { Computed, type Setting } from './setting.ts';
import { type ServerConfig, SETTINGS } from './settings.ts';

export interface SettingFacts {
  /** `section.key` */
  readonly key: string;
  /** Completes "must be ...". */
  readonly value: string;
  readonly default: string;
  readonly variables: readonly string[];
  /** `--port`, where there is one. */
  readonly option: string | undefined;
  /** Whether a running server takes a change. */
  readonly reload: boolean;
  readonly secret: boolean;
  readonly about: string;
}

/** All settings, in the order of the file. */
export function allSettings(): [name: keyof typeof SETTINGS, setting: Setting][] {
  return Object.entries(SETTINGS) as [keyof typeof SETTINGS, Setting][];
}

export function factsOf(setting: Setting): SettingFacts {
  const { path, kind, option, reload = false, secret = false, about } = setting;
  return {
    key: path,
    value: kind.words,
    default: setting.default instanceof Computed
      ? setting.default.words
      : valueInWords(setting.default),
    variables: variablesOf(setting),
    option: option && `--${option}`,
    reload,
    secret,
    about,
  };
}

/** A setting as it stands. Of a secret nothing but whether it is set. */
export type ShownSetting =
  & { readonly key: string; readonly from: string }
  & ({ readonly secret: true; readonly set: boolean } | { readonly value: unknown });

/** @param fromOf where a setting is from */
export function showSettings(
  config: ServerConfig,
  fromOf: (name: keyof ServerConfig) => string,
): ShownSetting[] {
  return allSettings().map(([name, { path: key, secret }]) => {
    const value = config[name], from = fromOf(name);
    return secret
      ? { key, secret, set: value !== undefined, from }
      : { key, value: value ?? null, from };
  });
}

/** The value of a shown setting in one line. */
export function shownInWords(setting: ShownSetting): string {
  if ('set' in setting) return setting.set ? 'set' : 'not set';
  return valueInWords(setting.value ?? undefined);
}

/** A value in one line. */
function valueInWords(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return 'none';
  const text = Array.isArray(value) ? value.join(', ') : String(value);
  return /\p{Cc}/u.test(text) ? JSON.stringify(text) : text;
}

/** The line that sets it to its default in the file, or to an example where the default is none. */
export function exampleLine({ path, secret, example, ...setting }: Setting): string {
  const key = path.slice(path.lastIndexOf('.') + 1) + (secret ? '_file' : '');
  return `${key} = ${example ?? JSON.stringify(setting.default)}`;
}
