/** What failed logins lead to, on a clock of the test and without the cost of real ones. */
import { describe, expect, test } from 'bun:test';
import { Login } from '../../../server/console/login.ts';
import type { SignInOutcome } from '../../../server/console/passkeys.ts';
import { ServerError } from '../../../server/core/errors.ts';
import { createLogger } from '../../../server/core/logging.ts';

/** What a passkey comes to, by the first byte of its identifier. */
const SIGN_INS: readonly SignInOutcome[] = [
  { refused: 'unknown' },
  { refused: 'signature', known: { admin: 'ops', passkey: 'abcd' } },
  { admin: 'ops' },
];
const [UNKNOWN, KNOWN, RIGHT] = SIGN_INS.map((_, i) => i);

function start() {
  const clock = { ms: 0 };
  const text: string[] = [];
  const trail: unknown[] = [];
  const login = new Login({
    admins: { verify: async (_, password) => password === 'right' },
    passkeys: { signIn: async ({ id }) => SIGN_INS[id[0]] },
    sessions: { begin: async (admin) => ({ id: 'id', admin, endsMs: 0 }) },
    audit: {
      record: async (event, actor) => void trail.push([event, actor]),
      recordChange: async () => {},
    },
    log: createLogger('info', (line) => text.push(line)),
    nowMs: () => clock.ms,
    steadyMs: () => clock.ms,
  });
  const outcomeOf = async (work: Promise<unknown>) => {
    try {
      return await work ? 'in' : 'wrong';
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      return error.retryAfterS === undefined ? error.code : error.retryAfterS;
    }
  };
  const attempt = (name: string, password: string, address: string | undefined) =>
    outcomeOf(login.attempt({ name, password, code: '' }, address));
  const bytes = new Uint8Array();
  const response = { clientData: bytes, authenticatorData: bytes, signature: bytes };
  const show = (passkey: number, address: string) =>
    outcomeOf(
      login.attemptPasskey(
        { ...response, id: Uint8Array.of(passkey), userHandle: bytes },
        address,
      ),
    );
  return { clock, text, trail, attempt, show };
}

describe('failed logins', () => {
  test('lock their source out for longer each time, whatever name they try', async () => {
    const { clock, attempt } = start();
    const waits: unknown[] = [];
    for (let round = 0; round < 7; round++) {
      for (let i = 0; i < 5; i++) {
        expect(await attempt(`name${i}`, 'x', '198.51.100.7')).toBe('wrong');
      }
      const wait = await attempt('ops', 'right', '198.51.100.7');
      waits.push(wait);
      clock.ms += Number(wait) * 1000;
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900]);
    expect(await attempt('ops', 'right', '198.51.100.7')).toBe('in');
  });

  test('from all over lock a name, for a minute at most', async () => {
    const { clock, attempt } = start();
    for (let round = 0, wait; round < 3; round++) {
      for (let i = 0; i < 20; i++) {
        expect(await attempt('ops', 'x', `198.51.${round}.${i}`)).toBe('wrong');
      }
      wait = await attempt('ops', 'right', '203.0.113.1');
      expect(wait).toBe(Math.min(60, 30 * 2 ** round));
      expect(await attempt('other', 'right', '203.0.113.1')).toBe('in');
      clock.ms += Number(wait) * 1000;
    }
    expect(await attempt('ops', 'right', '203.0.113.1')).toBe('in');
  });

  test('of one IPv6 host add up over its addresses', async () => {
    const { attempt } = start();
    for (let i = 0; i < 5; i++) await attempt('ops', 'x', `2001:db8::${i}`);
    expect(await attempt('ops', 'right', '2001:db8::ffff')).toBe(30);
    expect(await attempt('ops', 'right', '2001:db8:0:1::1')).toBe('in');
  });

  test('of sources that are not known add up', async () => {
    const { attempt } = start();
    for (let i = 0; i < 5; i++) await attempt('ops', 'x', undefined);
    expect(await attempt('ops', 'right', undefined)).toBe(30);
  });

  test('are forgotten after a right one', async () => {
    const { attempt } = start();
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 4; i++) await attempt('ops', 'x', '198.51.100.7');
      expect(await attempt('ops', 'right', '198.51.100.7')).toBe('in');
    }
  });

  test('leave nothing that was typed in the log', async () => {
    const { text, attempt } = start();
    for (let i = 0; i < 6; i++) await attempt('typed in the wrong field', 'x', '198.51.100.7');
    expect(text.join('')).not.toContain('typed');
    expect(text.join('')).toContain('"event":"locked-out","source":"198.51.100.7","seconds":30');
  });
});

describe('passkeys that are refused', () => {
  test('lock their source out together with passwords, whatever it shows then', async () => {
    const { attempt, show, clock } = start();
    for (let i = 0; i < 3; i++) expect(await show(UNKNOWN, '198.51.100.7')).toBe('wrong');
    for (let i = 0; i < 2; i++) await attempt('ops', 'x', '198.51.100.7');
    expect(await show(RIGHT, '198.51.100.7')).toBe(30);
    expect(await show(RIGHT, '198.51.100.8')).toBe('in');
    clock.ms += 30_000;
    expect(await show(RIGHT, '198.51.100.7')).toBe('in');
  });

  test('lock no name, and a locked name keeps no passkey out', async () => {
    const { attempt, show } = start();
    for (let i = 0; i < 30; i++) await show(KNOWN, `198.51.100.${i}`);
    expect(await attempt('ops', 'right', '203.0.113.1')).toBe('in');
    for (let i = 0; i < 20; i++) await attempt('ops', 'x', `198.51.101.${i}`);
    expect(await attempt('ops', 'right', '203.0.113.1')).toBe(30);
    expect(await show(RIGHT, '203.0.113.1')).toBe('in');
  });

  test('are in the trail when they are known, and of strangers in the log only', async () => {
    const { show, trail, text } = start();
    await show(UNKNOWN, '198.51.100.7');
    await show(KNOWN, '198.51.100.7');
    const event = {
      kind: 'passkey-refused',
      admin: 'ops',
      passkey: 'abcd',
      reason: 'signature',
    };
    expect(trail).toEqual([[event, undefined]]);
    expect(text.join('')).toContain(
      '"event":"passkey-refused","source":"198.51.100.7","reason":"unknown"',
    );
  });
});

test('a login is in the audit trail, with the name of the administrator and how it was done', async () => {
  const { trail, attempt, show } = start();
  await attempt('ops', 'x', '198.51.100.7');
  await attempt('ops', 'right', '198.51.100.7');
  await show(RIGHT, '198.51.100.7');
  const ops = { type: 'admin', name: 'ops' };
  expect(trail).toEqual([
    [{ kind: 'console-login', by: 'password' }, ops],
    [{ kind: 'console-login', by: 'passkey' }, ops],
  ]);
});
