/**
 * Makes labelled presentation attacks from bona fide pictures, so that detectors can be fitted and
 * compared where no recordings exist. What comes out is synthetic and every number measured on it has
 * to say so.
 */
import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Dice } from './pad/dice.ts';
import type { Rendered, RenderJob } from './pad/render.ts';

const USAGE = `usage: npm run bench -- pad-synthesis --images DIR --out DIR [options]

  --images DIR       one folder per person with that person's pictures
  --out DIR          becomes bonafide/, attack/print/, attack/replay/, attack/cutout/, synthesis.jsonl
  --people N         how many people, drawn by the seed (default 100)
  --skip N           leave out the first N of that order, to get other people (default 0)
  --part a|b         which printers, panels and cuts (default a)
  --per-species N    attacks per person and species (default 1)
  --seed S           any text (default "1")
`;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      images: { type: 'string' },
      out: { type: 'string' },
      people: { type: 'string', default: '100' },
      skip: { type: 'string', default: '0' },
      part: { type: 'string', default: 'a' },
      'per-species': { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
    },
  });
  const { images, out, part, seed } = values;
  if (images === undefined || out === undefined || (part !== 'a' && part !== 'b')) {
    console.error(USAGE);
    process.exit(2);
  }
  const pictures = await choosePictures(images, Number(values.people), Number(values.skip));
  const jobs = pictures.map((picture, i): RenderJob => ({
    seed,
    part,
    ...picture,
    otherPath: pictures[(i + 1) % pictures.length].path,
    out,
    perSpecies: Number(values['per-species']),
  }));
  const rendered = await renderAll(jobs);
  const lines = rendered.flat().map((line) => JSON.stringify(line));
  await Bun.write(join(out, `synthesis-${part}.jsonl`), lines.join('\n') + '\n');
  console.log(`${lines.length} synthetic presentations of ${jobs.length} people in ${out}`);
  process.exit(0);
}

/** One picture each of `count` people, in an order that depends on the names alone, so that runs can share no one. */
async function choosePictures(folder: string, count: number, skip: number) {
  const people = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory()).map(({ name }) => name)
    .map((name) => ({ name, order: new Dice(name).range(0, 1) }))
    .toSorted((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1))
    .slice(skip, skip + count);
  return await Promise.all(people.map(async ({ name }) => {
    const files = (await readdir(join(folder, name))).toSorted();
    const file = new Dice(`picture of ${name}`).pick(files);
    return { path: join(folder, name, file), name: file.replace(/\.[^.]+$/, '') };
  }));
}

async function renderAll(jobs: readonly RenderJob[]): Promise<Rendered[][]> {
  const results = new Array<Rendered[]>(jobs.length);
  let next = 0, done = 0;
  await Promise.all(Array.from({ length: availableParallelism() }, async () => {
    const worker = new Worker(new URL('./pad/synthesis-worker.ts', import.meta.url));
    while (next < jobs.length) {
      const i = next++;
      const answer = new Promise<Rendered[]>((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = (event) => reject(new Error(event.message));
      });
      worker.postMessage(jobs[i]);
      results[i] = await answer;
      if (++done % 20 === 0) console.error(`rendered ${done}/${jobs.length} people`);
    }
    worker.terminate();
  }));
  return results;
}
