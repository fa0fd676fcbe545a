/** `[database]`: where the records are when several nodes share them. */
import { z } from 'zod';
import { DATABASE_URL_WORDS, readDatabaseUrl } from '../../database/address.ts';
import { optional } from '../kinds.ts';
import { setting } from '../setting.ts';

const MAX_CHARACTERS = 4096;

export const DATABASE = {
  databaseUrl: setting({
    path: 'database.url',
    kind: optional({
      words: DATABASE_URL_WORDS,
      schema: z.string().max(MAX_CHARACTERS),
    }),
    default: undefined,
    variables: ['GATEHOUSE_DATABASE_URL'],
    secret: true,
    example: '"/etc/gatehouse/database.url"',
    about:
      'A PostgreSQL database for records, nonces and access, which several servers share. Without it they are in SQLite files in the data folder, for one server.',
    beside: (url) => {
      const address = url === undefined ? undefined : readDatabaseUrl(url);
      return address !== undefined && 'fault' in address ? address.fault : undefined;
    },
  }),
};
