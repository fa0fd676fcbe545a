/** `[audit]`: how long the trail of who did what is kept. */
import { integer, optional } from '../kinds.ts';
import { setting } from '../setting.ts';

export const AUDIT = {
  auditKeepDays: setting({
    path: 'audit.keep_days',
    kind: optional(integer(1, 36_500, 'days')),
    default: undefined,
    variables: ['GATEHOUSE_AUDIT_KEEP_DAYS'],
    example: '730',
    reload: true,
    about:
      'Days after which records of the audit trail are deleted; the rest of the trail can still be checked. Without it none are. The ledger of what was billed is kept in any case.',
  }),
};
