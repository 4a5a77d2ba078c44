import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, type Environment, importFile, type ImportOutcome } from '@recourse/cli';
import { sampleTimes, writeSampleFile, type SampleFile } from './sample-file.ts';

/** Files of one import, as Harbour's trust team has them. */
export interface ImportedSamples {
  readonly file: string;
  readonly journal: string;
  readonly caseCodes: string;
  readonly imported: ImportOutcome;
  readonly notified: ImportOutcome;
}

export interface SampleImport {
  readonly name: string;
  readonly dir: string;
  /** Data directory of the registry's sandbox */
  readonly sandbox: string;
  readonly domains: readonly string[];
  readonly environment: Environment;
}

/**
 * Imports the domains as `recourse import` does, twice: first the records, then the same file with the notices that went
 * out meanwhile. Drafts are confirmed by Harbour's second trust holder.
 */
export async function importSamples(samples: SampleImport): Promise<ImportedSamples> {
  const context = createContext({ sandbox: samples.sandbox, as: 'Harbour' }, samples.environment);
  const path = join(samples.dir, `${samples.name}.csv`);
  const caseCodes = join(samples.dir, `${samples.name}.case-codes`);
  const file: SampleFile = { path, domains: samples.domains, times: sampleTimes() };
  const flags = { file: path, caseCodes, confirmWith: 'Harbour:admin', concurrency: 8 };
  writeSampleFile(file);
  const imported = await importFile(context, flags);
  writeSampleFile({ ...file, noticeSentAt: new Date() });
  const notified = await importFile(context, flags);
  return { file: path, journal: `${path}.journal`, caseCodes, imported, notified };
}

/** Which sanction each record became, in the order of the domains. */
export function sanctionsIn({ journal }: Pick<ImportedSamples, 'journal'>): Map<number, string> {
  const sanctions = new Map<number, string>();
  for (const line of readFileSync(journal, 'utf8').split('\n')) {
    if (line === '') continue;
    const { id, intent } = JSON.parse(line) as { id?: string; intent?: { sanction: string } };
    if (intent) sanctions.set(Number(id?.split('-').at(-1)), intent.sanction);
  }
  return sanctions;
}
