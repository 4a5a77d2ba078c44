import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchOptions } from './bench-calls.ts';
import { submitSide } from './bench-submit.ts';
import { liftQuota } from './lift-quota.ts';
import { atLeast, progress, round, type Report } from './report.ts';
import { measure, middle, type Measurement } from './rounds.ts';
import { openStage, type Stage } from './stage.ts';

/**
 * `recourse import` of a file, from its start to its summary, against the rate at which the same registry takes signed
 * submissions that were made before. Rounds of these come before the import and after it.
 */
export async function benchImport(options: BenchOptions): Promise<Report> {
  const stage = await openStage();
  try {
    const limits = { submissionsPerDay: 1_000_000, elementsPerDay: 100_000_000 };
    await liftQuota(stage, { name: 'Harbour', limits });
    await measure(stage, await submitSide(stage, 'signed', options), options);
    const submitted: Measurement[] = [await submitOnce(stage, options)];
    progress(`importing ${options.records} records`);
    const seconds = await runImport(stage, options.records);
    submitted.push(await submitOnce(stage, options));
    return report({ submitted, seconds, records: options.records });
  } finally {
    await stage.close();
  }
}

const submitOnce = async (stage: Stage, options: BenchOptions): Promise<Measurement> =>
  measure(stage, await submitSide(stage, 'signed', options), options);

/** @returns the seconds that the command took */
async function runImport(stage: Stage, records: number): Promise<number> {
  const file = join(stage.dataDir, 'records.ndjson');
  await writeFile(
    file,
    Array.from({ length: records }, (_, n) => `${JSON.stringify(row(n))}\n`),
  );
  const begun = performance.now();
  const summary = JSON.parse(
    await recourse(stage, ['--json', 'import', file, '--case-codes', `${file}.codes`]),
  ) as { imported: number };
  if (summary.imported !== records) throw new Error(`only ${summary.imported} were imported`);
  return (performance.now() - begun) / 1000;
}

/** Runs the command as a person of Harbour does. @returns what it printed */
function recourse({ dataDir, signedUrl }: Stage, args: readonly string[]): Promise<string> {
  const main = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));
  const as = ['--sandbox', dataDir, '--as', 'Harbour', '--url', signedUrl];
  const child = spawn(process.execPath, ['--conditions=@recourse/source', main, ...as, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(stdout) : reject(new Error(`recourse ended with ${code}: ${stdout}`)),
    );
  });
}

const daysAgo = (days: number): string =>
  new Date(Math.floor(Date.now() / 1000) * 1000 - days * 86_400_000).toISOString();

const row = (n: number): Record<string, string> => ({
  external_id: `case-${n}`,
  reason: 'fraud.phishing',
  action: 'account-terminated',
  incident_from: daysAgo(20),
  incident_to: daysAgo(10),
  decided_at: daysAgo(5),
  decided_by: 'human',
  kind: 'domain',
  identifier: `imported-${n}.example`,
  control: 'dns',
  proven_at: daysAgo(30),
  evidence_class: 'captured-artefact',
  evidence_text: `GET / of site ${n}: a page that asks for a seed phrase`,
  account: 'A counterfeit login page was served from this domain.',
  policy: '0',
  age: 'unknown',
  origin: 'own-detection',
  attest: 'no-authority no-takeover',
});

function report(results: { submitted: Measurement[]; seconds: number; records: number }): Report {
  const { submitted, seconds, records } = results;
  const rate = middle(submitted, 'rate');
  return {
    bench: 'import',
    setting: { records },
    rows: [
      { what: 'submissions, signed before', 'a second': round(rate) },
      { what: 'recourse import', 'a second': round(records / seconds), seconds: round(seconds) },
    ],
    bars: [atLeast('records a second, of submissions a second', records / seconds / rate, 0.8)],
    notes: [
      'An import reads the file, turns identifiers into tokens, signs, keeps a journal on disk, sends, and checks receipts,',
      'in a process that shares the cores with the server.',
    ],
  };
}
