import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { RecourseError } from '@recourse/sdk';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { exitCodes, exitCodeOf, type ExitCode } from '../exit-code.ts';
import { explain, type Explanation } from '../explain.ts';
import { connectAs, type Identity } from '../profile/identity.ts';
import { unreadable } from '../profile/private-file.ts';
import { CaseCodeFile } from './case-code-file.ts';
import { ErrorFile } from './error-file.ts';
import { Journal } from './journal.ts';
import { JournalOutbox } from './journal-outbox.ts';
import { ProgressBar } from './progress-bar.ts';
import { isImportFile } from './read-rows.ts';
import { recordNames } from './record-names.ts';
import { runImport } from './run-import.ts';
import { secondHolder } from './second-holder.ts';
import type { Sending } from './send-record.ts';
import { stopSignal } from './stop-signal.ts';
import { Tally } from './tally.ts';

export interface ImportFlags {
  readonly dryRun?: boolean;
  readonly caseCodes?: string;
  readonly confirmWith?: string;
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
