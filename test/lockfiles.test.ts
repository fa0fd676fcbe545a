import { expect, test } from 'bun:test';
import manifest from '../package.json' with { type: 'json' };
import npmLock from '../package-lock.json' with { type: 'json' };

const direct = { ...manifest.dependencies, ...manifest.devDependencies };

test('both lockfiles pin every direct dependency at the version of package.json', async () => {
  const bunLock = await Bun.file(`${import.meta.dir}/../bun.lock`).text();
  const packages = npmLock.packages as Record<string, { version?: string }>;
  for (const [name, version] of Object.entries(direct)) {
    expect(packages[`node_modules/${name}`]?.version, name).toBe(version);
    expect(bunLock, name).toContain(`"${name}@${version}"`);
  }
});

test('no lockfile names a registry', async () => {
  for (const file of ['package-lock.json', 'bun.lock']) {
    const text = await Bun.file(`${import.meta.dir}/../${file}`).text();
    expect(text).not.toMatch(/"resolved"|\.tgz/);
  }
});
