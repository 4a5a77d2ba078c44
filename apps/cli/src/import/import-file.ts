import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DateOrder } from '@recourse/protocol';
import { RecourseError } from '@recourse/sdk';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { exitCodes, exitCodeOf, type ExitCode } from '../exit-code.ts';
import { explain, type Explanation } from '../explain.ts';
import { connectAs, type Identity } from '../profile/identity.ts';
import { readKeyFile } from '../profile/key-file.ts';
import { fileExists, unreadable } from '../profile/private-file.ts';
import { resolveIdentity } from '../profile/resolve-identity.ts';
import { CaseCodeFile, ErrorFile } from './files.ts';
import { noteImport } from '../evidence/kept.ts';
import { Journal } from './journal.ts';
import { isImportFile } from './read-rows.ts';
import { runImport } from './run-import.ts';
import { JournalOutbox, recordNames, type ImportSession } from './send-record.ts';
import { progressLine, stopSignal } from '../progress.ts';
import { importProgress, Tally } from './tally.ts';

export interface ImportFlags {
  readonly dryRun?: boolean;
  readonly caseCodes?: string;
  readonly confirmWith?: string;
  readonly dateOrder?: DateOrder;
  readonly concurrency: number;
  readonly journal?: string;
  readonly errors?: string;
}

export interface ImportOutcome {
  readonly file: string;
  readonly dryRun: boolean;
  readonly tally: Tally;
  readonly seconds: number;
  readonly refusedByCode: Readonly<Record<string, number>>;
  readonly errorFile: string;
  readonly exitCode: ExitCode;
  /** Why it stopped before the end of the file */
  readonly stopped?: Explanation;
}

/** Imports a file as the identity of the context; what failed for the whole import is part of the outcome. */
export async function importFile(
  context: Context,
  options: ImportFlags & { readonly file: string },
): Promise<ImportOutcome> {
  const file = resolve(options.file);
  const size = assertUsable(file, options);
  const live = options.dryRun === true ? undefined : await openLive(context, { file, options });
  const errors = new ErrorFile(options.errors ?? `${file}.errors.ndjson`);
  const { terminal, environment } = context;
  const stop = stopSignal((text) => terminal.note(text));
  const line = progressLine(environment);
  const tally = new Tally();
  const begun = performance.now();
  const failure = await failureOf(() =>
    runImport({
      file,
      tally,
      errors,
      dateOrder: options.dateOrder,
      dir: dirname(file),
      sending: live?.sending,
      second: live?.second,
      concurrency: options.concurrency,
      signal: stop.signal,
      now: () => live?.sending.recourse.session.transport.now() ?? new Date(),
      onRecord: (at) => line.show(importProgress({ size, ...at })),
    }),
  );
  line.end();
  stop.dispose();
  errors.close();
  await live?.close();
  return {
    file,
    dryRun: options.dryRun === true,
    tally,
    seconds: (performance.now() - begun) / 1000,
    refusedByCode: errors.counts,
    errorFile: errors.path,
    ...endOf({ failure, interrupted: stop.signal.aborted, refused: tally.refused }),
  };
}

function endOf(end: {
  failure: { error: unknown } | undefined;
  interrupted: boolean;
  refused: number;
}): Pick<ImportOutcome, 'exitCode' | 'stopped'> {
  if (end.failure) {
    const stopped = explain(end.failure.error);
    return { stopped, exitCode: exitCodeOf(end.failure.error) };
  }
  if (end.interrupted) return { stopped: interrupted, exitCode: exitCodes.interrupted };
  return { exitCode: end.refused > 0 ? exitCodes.refused : exitCodes.ok };
}

const interrupted: Explanation = {
  code: 'interrupted',
  message: 'Stopped before the end of the file; what was begun is finished.',
  next: 'Run the same command again to go on: nothing is recorded twice.',
  issues: [],
};

interface LiveImport {
  readonly sending: ImportSession;
  readonly second: ReturnType<typeof connectAs> | undefined;
  close(): Promise<void>;
}

async function openLive(
  context: Context,
  { file, options }: { file: string; options: ImportFlags },
): Promise<LiveImport> {
  const identity = await context.identity();
  if (!identity.keys.trust) throw new RecourseError('signer-missing');
  const second = await secondHolder(context, { named: options.confirmWith, first: identity });
  const path = resolve(options.journal ?? `${file}.journal`);
  const journal = await Journal.open(path, identity);
  noteImport(identity.journal, { journal: path, rows: file });
  const caseCodes = new CaseCodeFile(resolve(options.caseCodes ?? ''));
  const outbox = new JournalOutbox(journal, caseCodes);
  const recourse = connectAs(identity, { outbox, journal: undefined });
  const names = recordNames(journal.secret);
  return {
    sending: { recourse, journal, outbox, names, bucketEmpty: false },
    second: second && connectAs(second),
    close: async () => {
      await journal.close();
      await caseCodes.close();
    },
  };
}

/**
 * The second trust holder by key file, by profile, or in a sandbox by `Harbour:admin`. The registry compares the
 * holders; here only the keys are.
 */
async function secondHolder(
  { options, environment }: Context,
  { named, first }: { named: string | undefined; first: Identity },
): Promise<Identity | undefined> {
  if (named === undefined) return undefined;
  const second = fileExists(resolve(named))
    ? { ...first, keys: { trust: await readKeyFile(resolve(named)) } }
    : await resolveIdentity(
        options.sandbox === undefined ? { ...options, profile: named } : { ...options, as: named },
        environment,
      );
  if (
    second.party !== first.party ||
    second.keys.trust?.signer.kid === first.keys.trust?.signer.kid
  ) {
    throw new CliError('usage', {
      message: '--confirm-with names no second trust holder of the same party.',
      next: 'Name the key file or the profile of a colleague with a trust key: nobody confirms their own drafts.',
    });
  }
  return second;
}

/** @returns the size of the file in bytes */
function assertUsable(file: string, options: ImportFlags): number {
  if (!isImportFile(file)) {
    throw new CliError('usage', {
      message: 'The file is neither .csv nor .ndjson.',
      next: 'Save a workbook as CSV in UTF-8; recourse import --help lists the columns.',
    });
  }
  if (options.dryRun !== true && options.caseCodes === undefined) {
    throw new CliError('usage', {
      message: 'The case codes have no place to go.',
      next: 'Name a file for them: --case-codes FILE (made readable by you only), or try --dry-run first.',
    });
  }
  try {
    return statSync(file).size;
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

async function failureOf(run: () => Promise<void>): Promise<{ error: unknown } | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return { error };
  }
}
