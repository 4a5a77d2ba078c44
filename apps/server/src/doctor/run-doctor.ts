import {
  examineLedger,
  readSchema,
  Vault,
  type Difference,
  type Examination,
} from '@recourse/registry';
import { readConfig, type ServerConfig } from '../config/config.ts';
import { assertSchema } from '../database.rules.ts';
import { ServerError } from '../errors.ts';
import { assertOwnKeys } from '../keys/announce.ts';
import { readLogAndVaultKey } from '../keys/key-material.ts';
import { KeptCheckpoints } from '../ledger/kept-checkpoints.ts';
import { logNoteSigner } from '../ledger/log-signer.ts';
import { silentLog } from '../log.ts';
import { Findings, lineOf, mostTold, tableOf, whatToDo } from './findings.ts';
import { lookAtDatabase, type InspectedDatabase } from './look-at-database.ts';
import { examineTimers, explainTimers } from './timers.ts';

export interface DoctorRun {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--ledger`, perhaps `--full`, or `--timers`; perhaps `--json` */
  readonly args: readonly string[];
  readonly out: { write(text: string): void };
  readonly progress: { write(text: string): void };
}

/**
 * Compares the tables with the log and says where they differ, or counts what is due, beside a server that runs or by itself.
 * It writes how far it came, and nothing else.
 * @returns 0 where all is well, 1 where it is not
 * @throws ServerError where it could not look
 */
export async function runDoctor({ env, args, out, progress }: DoctorRun): Promise<number> {
  const { looksAt, isWhole, asJson } = readArgs(args);
  const config = readConfig(env);
  const say = (line: string): void => out.write(`${line}\n`);
  return looksAt === 'timers'
    ? lookAtTimers(config, { say, asJson })
    : lookAtLedger(config, { say, isWhole, asJson, progress });
}

interface DoctorOutput {
  readonly say: (line: string) => void;
  readonly asJson: boolean;
}

async function lookAtLedger(
  config: ServerConfig,
  { say, isWhole, asJson, progress }: DoctorOutput & LedgerLook,
): Promise<number> {
  const findings = new Findings();
  const onDifference = (difference: Difference): void => {
    if (findings.add(difference) && !asJson) say(lineOf(difference));
  };
  const begun = performance.now();
  const onProgress = progressTo(progress);
  const examination = await examine(config, { isWhole, onDifference, onProgress });
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  if (asJson) say(JSON.stringify(asReport(findings, examination, seconds)));
  else for (const line of explained(findings, examination, seconds)) say(line);
  return findings.isWhole ? 0 : 1;
}

interface LedgerLook extends Pick<DoctorRun, 'progress'> {
  readonly isWhole: boolean;
}

async function lookAtTimers(config: ServerConfig, { say, asJson }: DoctorOutput): Promise<number> {
  const database = await lookAt(config);
  try {
    const now = new Date();
    const { deadlines } = config;
    const findings = await examineTimers(database.db, { now, deadlines }).catch(notLookedAt);
    if (asJson) say(JSON.stringify({ doctor: 'timers', ...findings }));
    else explainTimers(findings).forEach(say);
    return findings.isWell ? 0 : 1;
  } finally {
    await database.close();
  }
}

function readArgs(args: readonly string[]): {
  looksAt: 'ledger' | 'timers';
  isWhole: boolean;
  asJson: boolean;
} {
  const known = ['--ledger', '--full', '--timers', '--json'];
  const unknown = args.find((argument) => !known.includes(argument));
  if (unknown !== undefined) throw invalid(`${unknown} is no option of doctor`);
  const asked = (['ledger', 'timers'] as const).filter((name) => args.includes(`--${name}`));
  const [looksAt] = asked;
  if (looksAt === undefined || asked.length > 1)
    throw invalid('doctor looks at --ledger, or at --timers');
  const isWhole = args.includes('--full');
  if (isWhole && looksAt !== 'ledger') throw invalid('--full is an option of --ledger');
  return { looksAt, isWhole, asJson: args.includes('--json') };
}

const invalid = (reason: string): ServerError =>
  new ServerError(
    'config_invalid',
    `${reason}: recourse-server doctor --ledger [--full] | --timers [--json]`,
  );

type ExamineOptions = Pick<
  Parameters<typeof examineLedger>[1],
  'isWhole' | 'onDifference' | 'onProgress'
>;

async function examine(config: ServerConfig, options: ExamineOptions): Promise<Examination> {
  const keys = readLogAndVaultKey(config);
  const database = await lookAt(config);
  const { db } = database;
  try {
    const origin = await assertOwnKeys(db, keys).catch(notLookedAt);
    const { key } = logNoteSigner(keys.logSigner, origin);
    // Read before the snapshot: what is signed meanwhile is in it.
    const outside = await new KeptCheckpoints(config).read();
    return await examineLedger(db, {
      ...options,
      key,
      vault: new Vault(keys.vaultKey),
      outside,
    }).catch(notLookedAt);
  } finally {
    await database.close();
  }
}

/** A schema that it does not know is named as a server names it: what it read of it would be wrong. */
async function lookAt(config: ServerConfig): Promise<InspectedDatabase> {
  const database = await lookAtDatabase(config);
  try {
    assertSchema(await readSchema(database.db).catch(notLookedAt), silentLog);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * Throws for a database that could not be read: what it says may quote values. Anything else is a fault of the doctor,
 * and shows as one.
 */
function notLookedAt(cause: unknown): never {
  if (cause instanceof ServerError || !(cause instanceof Error && 'code' in cause)) throw cause;
  throw new ServerError(
    'database_unreachable',
    'The database could not be read: check that it runs, that its user is recourse_service or a member of that role, and that its schema is that of this version.',
    { cause },
  );
}

/** A line for each table, and one for each tenth of the log. */
function progressTo(progress: DoctorRun['progress']): ExamineOptions['onProgress'] {
  let last = '';
  return (table, done, total) => {
    const tenths = total ? Math.floor((10 * done) / total) : 10;
    const line = total ? `Reading ${table}: ${tenths * 10} %` : `Reading ${table}`;
    if (line !== last) progress.write(`${line}\n`);
    last = line;
  };
}

function asReport(
  findings: Findings,
  { compared, since, isKept }: Examination,
  seconds: number,
): object {
  const { size: entry, at, wholeAt } = since ?? {};
  return {
    doctor: 'ledger',
    whole: findings.isWhole,
    run: since ? 'since' : 'full',
    ...(since ? { since: { entry, at, fullAt: wholeAt } } : {}),
    kept: isKept,
    differences: findings.told,
    counts: Object.fromEntries(findings.counts),
    compared,
    seconds,
  };
}

function explained(findings: Findings, seen: Examination, seconds: number): string[] {
  const codes = [...findings.counts].map(
    ([code, count]) => `${String(count).padStart(6)}  ${code}: ${whatToDo[code]}`,
  );
  const all = [...findings.counts.values()].reduce((sum, count) => sum + count, 0);
  const rest = all > mostTold ? [`and ${all - mostTold} more`] : [];
  const verdict = findings.isWhole
    ? `Tables and log are one, in ${seconds} s.`
    : `${all} differences, in ${seconds} s. Docs: docs/doctor.md`;
  return [...rest, '', ...tableOf(seen.compared), '', ...codes, verdict, comparedBy(seen)];
}

/** Which run it was, and what it did not look at. */
function comparedBy({ since, isKept }: Examination): string {
  const next = isKept ? '' : ' No place was kept: the next run compares everything.';
  return since
    ? `Compared: what entries from ${since.size} on speak of, since ${since.at}. Rows of other cases were not looked at since the last --full, ${since.wholeAt}.${next}`
    : `Compared: everything (full).${next}`;
}
