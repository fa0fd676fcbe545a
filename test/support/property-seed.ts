/**
 * Loaded before all tests: property tests draw the same cases in every run, so that a red run is the
 * fault of the change in it. Long runs (FUZZ_RUNS set) and FUZZ_SEED=random look for new cases.
 */
import fc from 'fast-check';

const SEED = 20261123;

const wantsNewCases = process.env.FUZZ_SEED === 'random' || process.env.FUZZ_RUNS !== undefined;
if (!wantsNewCases) fc.configureGlobal({ seed: SEED });
