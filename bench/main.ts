/** `npm run bench -- NAME [options]`: runs one of the benchmarks and prints its table. */
const BENCHMARKS: Readonly<Record<string, () => Promise<{ run(args: string[]): Promise<void> }>>> =
  {
    match: () => import('./match.ts'),
    hostile: () => import('./hostile.ts'),
    pad: () => import('./pad-detectors.ts'),
    'pad-synthesis': () => import('./pad-synthesis.ts'),
    emrtd: () => import('./emrtd.ts'),
    docval: () => import('./docval.ts'),
    'emrtd-crypto': () => import('./emrtd-crypto.ts'),
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
