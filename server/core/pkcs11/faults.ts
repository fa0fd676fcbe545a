/** What goes wrong with a token, said with the name of the setting that it is about. */
import { ServerError } from '../errors.ts';
import { Pkcs11Error } from './codes.ts';

type SettingName = 'pkcs11_module' | 'pkcs11_token' | 'pkcs11_key' | 'pkcs11_pin';

/** An error of a setting. */
export function wrong(setting: SettingName, words: string): ServerError {
  return new ServerError('CONFIG_INVALID', `keys.${setting}: ${words}`);
}

/** Says of what goes wrong which setting it is about. */
export function attempt<T>(setting: SettingName, value: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ServerError) throw error;
    throw wrong(setting, `${value}: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}

/** Does what may fail. @returns whether it did */
export function ignore(work: () => void): boolean {
  try {
    work();
    return false;
  } catch (error) {
    if (!(error instanceof Pkcs11Error)) throw error;
    return true;
  }
}
