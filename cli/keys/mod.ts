/** `gatehouse keys ...`: the private keys of this installation. */
import { commandGroup } from '../command-group.ts';

export const { help, subcommands, run } = commandGroup('keys', {
  list: { summary: 'which keys there are, and how they are kept', load: () => import('./list.ts') },
  rotate: { summary: 'replace the signing or the capture key', load: () => import('./rotate.ts') },
  encrypt: {
    summary: 'put all keys under the passphrase or token',
    load: () => import('./encrypt.ts'),
  },
  passphrase: {
    summary: 'put all keys under another passphrase',
    load: () => import('./passphrase.ts'),
  },
  token: { summary: 'the key of a PKCS #11 token', load: () => import('./token/mod.ts') },
}, '; docs/access.md is about them');
