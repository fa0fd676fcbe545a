/** `gatehouse keys token ...`: the key of a PKCS #11 token that the private keys are encrypted under. */
import { commandGroup } from '../../command-group.ts';

export const { help, subcommands, run } = commandGroup('keys token', {
  create: { summary: 'make the key on the token', load: () => import('./create.ts') },
  rewrap: { summary: 'go over to another key of the token', load: () => import('./rewrap.ts') },
}, '; docs/pkcs11.md is about them');
