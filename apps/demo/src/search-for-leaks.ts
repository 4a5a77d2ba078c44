import { join } from 'node:path';
import { NeedleSearch } from './needle-search.ts';
import { searchDatabase, searchFile, searchFiles, type Leak } from './leak-search.ts';
import { needlesOf } from './needles.ts';
import type { StartedRegistry } from './started-registry.ts';
import type { Steps } from './steps.ts';
import type { StoryFacts } from './story.ts';

/** Where the sandbox keeps private keys by purpose. */
const keyFiles = ['sandbox.json', 'sandbox.seed', 'keys'];

/** Looks for every identifier, token, secret of a case and word of an appeal in all that the registry keeps and says. */
export async function searchForLeaks(
  registry: StartedRegistry,
  facts: StoryFacts,
  steps: Steps,
): Promise<void> {
  const search = new NeedleSearch(
    needlesOf({
      identifiers: facts.identifiers,
      journals: facts.imports.map(({ journal }) => journal),
      caseCodes: facts.imports.map(({ caseCodes }) => caseCodes),
      claimKeys: facts.appeals.keys,
      words: facts.appeals.words,
    }),
  );
  steps.tell(
    `\nSearching for ${search.count} spellings of identifiers, tokens, case codes, claim keys and words`,
  );
  const database = await searchDatabase(registry.ownerUrl, search);
  steps.check(
    `none in the database, ${database.places} columns, ${megabytes(database.bytes)}`,
    database.leaks.length === 0,
    namesOf(database.leaks),
  );
  await registry.stopServer();
  const logged: Leak[] = [];
  const bytes = await searchFile(registry.logFile, search, (kinds) => {
    for (const kind of kinds) logged.push({ where: 'log', kind });
  });
  steps.check(
    `none in the log of the server, ${bytes} bytes`,
    logged.length === 0,
    namesOf(logged),
  );
  await registry.stop();
  const files = await searchFiles(registry.dataDir, search, keyFiles);
  steps.check(
    `none in the data directory, ${files.places} files, ${megabytes(files.bytes)}`,
    files.leaks.length === 0,
    namesOf(files.leaks),
  );
}

export const harbourDir = (dir: string): string => join(dir, 'harbour');

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

function namesOf(leaks: readonly Leak[]): string | undefined {
  if (leaks.length === 0) return undefined;
  return leaks
    .slice(0, 5)
    .map(({ where, kind }) => `${kind} in ${where}`)
    .join(', ');
}
