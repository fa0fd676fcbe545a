/** `gatehouse config ...`: the commands around the settings. */
import { commandGroup } from '../command-group.ts';

export const { help, subcommands, run } = commandGroup('config', {
  check: { summary: 'say everything that is wrong', load: () => import('./check.ts') },
  show: { summary: 'every setting, and where it is from', load: () => import('./show.ts') },
  explain: { summary: 'what a setting means', load: () => import('./explain.ts') },
  example: { summary: 'a configuration file to start from', load: () => import('./example.ts') },
}, '; docs/configuration.md has it all');
