/** `[data]`: where this installation keeps what it makes. */
import { resolve } from 'node:path';
import { path } from '../kinds.ts';
import { Computed, setting } from '../setting.ts';

/** Where the data folder is unless somebody says otherwise, from the working directory. */
export const DEFAULT_DATA_FOLDER = 'data';

export const DATA = {
  dataFolder: setting({
    path: 'data.folder',
    kind: path('the path of a folder'),
    default: new Computed(`./${DEFAULT_DATA_FOLDER}`, () => resolve(DEFAULT_DATA_FOLDER)),
    variables: ['GATEHOUSE_DATA'],
    option: 'data',
    example: '"/var/lib/gatehouse"',
    about:
      'Packs, trust store, keys and records of this installation. It must be writable and have space: what cannot be recorded is not answered, and /readyz says so.',
  }),
};
