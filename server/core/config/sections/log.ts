/** `[log]`: how much is written. */
import { choice } from '../kinds.ts';
import { setting } from '../setting.ts';

export const LOG = {
  logLevel: setting({
    path: 'log.level',
    kind: choice(['debug', 'info', 'warn', 'error'], { warning: 'warn' }),
    default: 'info',
    variables: ['LOG_LEVEL'],
    reload: true,
    about:
      'Least level of the lines written. At debug a match logs the level it reached, which is derived from a face: leave that to test machines.',
  }),
};
