/** The API for readers: `/openapi.json` for programs, `/docs` for people, both made of the same descriptions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import { installationOperations } from '../../core/api/installation.ts';
import { docvalOperations } from '../../docval/operations.ts';
import { identyOperations } from '../../identy/operations.ts';
import { framed } from '../frame.ts';
import { openApiDocument } from './document.ts';
import { apiPage } from './page.ts';
import { strings } from './strings.ts';

/** Path -> content. */
export function apiDocs(): Record<string, string> {
  const document = openApiDocument({
    title: 'Gatehouse',
    version: packageJson.version,
    description: packageJson.description,
  }, [identyOperations, docvalOperations, installationOperations]);
  const read = (name: string) => readFileSync(join(import.meta.dir, name), 'utf8');
  return {
    '/openapi.json': `${JSON.stringify(document, null, 2)}\n`,
    '/docs': framed(apiPage(read('index.html'), document), '/docs', strings.page),
    '/docs/style.css': read('style.css'),
  };
}
