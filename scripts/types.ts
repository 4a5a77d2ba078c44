import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * `npm run types`: the types of everything, then those of the desks, which run in a browser. What the compiler learnt
 * stays in `node_modules/.cache/types`, so that an edit costs the files that it reaches. Each run reads every file, and
 * takes an old answer for one alone whose text, and the declarations that it uses, are the same. Declarations are written
 * only to be compared: without them, the first edit of a file checks everything that imports it, and what imports that.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = 'node_modules/@typescript/native/bin/tsc';
const cache = 'node_modules/.cache/types';

for (const project of ['.', 'apps/console']) {
  const output = `${cache}/${project === '.' ? 'all' : project}`;
  const flags =
    `--project ${project} --rootDir . --incremental --tsBuildInfoFile ${output}.tsbuildinfo ` +
    `--noEmit false --emitDeclarationOnly --declaration --outDir ${output}`;
  const { status } = spawnSync(process.execPath, [compiler, ...flags.split(' ')], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
