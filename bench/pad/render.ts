/** The files that one picture of one person becomes. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Dice } from './dice.ts';
import { attack, bonaFide, type Part, SPECIES } from './presentation.ts';
import { loadSource } from './source.ts';

export interface RenderJob {
  readonly seed: string;
  readonly part: Part;
  /** The picture, and its name without ending: "First_Last_0001". */
  readonly path: string;
  readonly name: string;
  /** A picture of somebody else of the same set. */
  readonly otherPath: string;
  readonly out: string;
  /** Attack presentations per species. */
  readonly perSpecies: number;
}

/** One line of the run's record. */
export interface Rendered {
  readonly file: string;
  readonly parameters: Readonly<Record<string, number | string>>;
}

/** Writes the original, one camera-simulated bona fide presentation and the attacks. */
export async function render(job: RenderJob): Promise<Rendered[]> {
  const { seed, part, path, name, otherPath, out, perSpecies } = job;
  const done: Rendered[] = [];
  const put = async (file: string, bytes: Uint8Array, parameters: Rendered['parameters']) => {
    await mkdir(dirname(join(out, file)), { recursive: true });
    await Bun.write(join(out, file), bytes);
    done.push({ file, parameters });
  };
  await put(`bonafide/${name}.jpg`, await Bun.file(path).bytes(), { kind: 'original' });

  // One stream of choices per file: adding a species changes no other file.
  const dice = (what: string) => new Dice(`${seed}/${name}/${what}`);
  const simulated = dice('bonafide');
  const person = await bonaFide(await loadSource(path, simulated), simulated);
  await put(`bonafide/${name}.camera.jpg`, person.jpeg, { kind: 'camera', ...person.parameters });

  for (const species of SPECIES) {
    for (let i = 1; i <= perSpecies; i++) {
      const choices = dice(`${species}-${part}-${i}`);
      const picture = await loadSource(path, choices), other = await loadSource(otherPath, choices);
      const { jpeg, parameters } = await attack(species, part, picture, other, choices);
      await put(`attack/${species}/${name}.${part}${i}.jpg`, jpeg, parameters);
    }
  }
  return done;
}
