/**
 * Where the compiled program unpacks its native libraries: a folder of this user alone. In a temp folder that
 * all users share, another one could put a library beside them that the loader takes first (their RUNPATH is
 * `$ORIGIN`), or one in the place of theirs. Import this before anything native is loaded.
 */
import { setCEnvironment } from './c-environment.ts';
import { privateFolder, tempFolder } from './private-folder.ts';

const COMPILED = import.meta.url.includes('/$bunfs/');

// Bun unpacks what is built into it there
if (COMPILED) setCEnvironment({ BUN_TMPDIR: privateFolder(tempFolder()) });
