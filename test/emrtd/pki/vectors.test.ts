import { expect, test } from 'bun:test';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import { runLimbo } from './support/limbo.ts';
import { runPkits } from './support/pkits.ts';
import { disagreements, rows, type VectorOutcome } from './support/vector-case.ts';

/** Runs a suite once, when the first test asks for it. */
function once(run: () => VectorOutcome[]): () => VectorOutcome[] {
  let outcomes: VectorOutcome[] | undefined;
  return () => outcomes ??= run();
}

describeWithData('NIST PKITS', ['pkits'], () => {
  const outcomes = once(() => runPkits(sharedPath('pkits')));

  test('every verdict of the sections in scope is the one stated', () => {
    const counted = rows(outcomes()).filter(({ inScope }) => inScope > 0)
      .map(({ group, agreed, inScope }) => [group, `${agreed}/${inScope}`]);
    expect(disagreements(outcomes()).map(({ id, reason }) => `${id} ${reason}`)).toEqual([]);
    expect(Object.fromEntries(counted)).toEqual({
      '4.1 signature verification': '3/3',
      '4.2 validity periods': '8/8',
      '4.3 name chaining': '11/11',
      '4.4 basic revocation': '21/21',
      '4.5 self-issued certificates': '8/8',
      '4.6 basic constraints': '17/17',
      '4.7 key usage': '5/5',
      '4.16 private extensions': '2/2',
    });
    expect(outcomes().length).toBe(223);
  }, 60_000);

  test('out of scope, only cases of certificate policies are accepted against the vectors', () => {
    const accepted = outcomes().filter((o) => o.expected === 'invalid' && o.actual === 'valid');
    expect([...new Set(accepted.map(({ group }) => group))]).toEqual(['4.8 to 4.12 policies']);
  });
});

for (
  const [file, cases, inScope] of [['limbo.json', 194, 84], ['limbo-2023.json', 135, 66]] as const
) {
  describeWithData(`x509-limbo ${file}`, [`x509-limbo/${file}`], () => {
    const outcomes = once(() => runLimbo(sharedPath(`x509-limbo/${file}`)));

    test('no case in scope has another verdict than stated', () => {
      expect(outcomes().length).toBe(cases);
      expect(outcomes().filter(({ scope }) => scope === 'in').length).toBe(inScope);
      expect(disagreements(outcomes()).map(({ id, reason }) => `${id} ${reason}`)).toEqual([]);
    }, 60_000);

    test('no certificate with name constraints is accepted against the vectors', () => {
      const accepted = outcomes().filter(({ id, expected, actual }) =>
        id.includes('::nc::') && expected === 'invalid' && actual === 'valid'
      );
      expect(accepted).toEqual([]);
    });
  });
}
