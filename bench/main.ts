/** `npm run bench -- NAME [options]`: runs one of the benchmarks and prints its table. */
const BENCHMARKS: Readonly<Record<string, () => Promise<{ run(args: string[]): Promise<void> }>>> =
  {
    match: () => import('./match.ts'),
    identy: () => import('./identy.ts'),
    'identy-outputs': () => import('./identy-outputs.ts'),
    hostile: () => import('./hostile.ts'),
    faults: () => import('./faults.ts'),
    secrets: () => import('./secrets.ts'),
    soak: () => import('./soak.ts'),
    pad: () => import('./pad-detectors.ts'),
    'pad-synthesis': () => import('./pad-synthesis.ts'),
    emrtd: () => import('./emrtd.ts'),
    docval: () => import('./docval.ts'),
    eyes: () => import('./eyes.ts'),
    pose: () => import('./pose.ts'),
    visibility: () => import('./visibility.ts'),
    quality: () => import('./quality.ts'),
    portrait: () => import('./portrait.ts'),
    'emrtd-crypto': () => import('./emrtd-crypto.ts'),
    'pad-sequences': () => import('./pad-sequences.ts'),
    ledger: () => import('./ledger.ts'),
    'face-sdk': () => import('./face-sdk.ts'),
    observability: () => import('./observability.ts'),
  };

async function main([benchmark, ...args]: string[]): Promise<void> {
  const load = BENCHMARKS[benchmark ?? ''];
  if (load === undefined) {
    console.error(`usage: npm run bench -- ${Object.keys(BENCHMARKS).join(' | ')}`);
    process.exit(2);
  }
  await (await load()).run(args);
}

void main(process.argv.slice(2));
