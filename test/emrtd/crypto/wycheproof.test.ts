import { expect, test } from 'bun:test';
import { describeWithData } from '../../support/shared-data.ts';
import { checkOf } from './wycheproof/checks.ts';
import { FOLDER, runFile, vectorFiles } from './wycheproof/vectors.ts';

describeWithData('Wycheproof', [FOLDER], () => {
  for (const file of vectorFiles()) {
    const { check, skipped } = checkOf(file);
    if (check === undefined) {
      test.skip(`${file}: ${skipped}`, () => {});
      continue;
    }
    test(file, () => {
      const { total, passed, failures } = runFile(file, check);
      expect(failures).toEqual([]);
      expect(passed).toBe(total);
      expect(total).toBeGreaterThan(0);
    }, 60_000);
  }

  test('every file has a check or a reason to have none', () => {
    const forgotten = vectorFiles().filter((file) => Object.keys(checkOf(file)).length === 0);
    expect(forgotten).toEqual([]);
  });

  test('a check that accepts everything fails', () => {
    const { failures } = runFile('aes_cmac_test.json', () => 'accepted');
    expect(failures.length).toBe(248);
  });
});
