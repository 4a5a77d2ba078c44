import type { DateOrder, ProblemIssue } from '@recourse/protocol';
import { isRecourseError, type Recourse } from '@recourse/sdk';
import { classify, isUnreadableFile } from './classify.ts';
import { Confirmations, type Draft } from './confirmations.ts';
import { findDateOrders, spelled } from './date-orders.ts';
import type { ErrorFile } from './files.ts';
import type { JournalRecord } from './journal.ts';
import { eachOf } from './each-of.ts';
import type { Notice } from './sanction.ts';
import { readRecord, type ImportRecord } from './record.ts';
import { groupRows, readRows, type RowGroup } from './read-rows.ts';
import { sendAgain, sendNew, sendNotice, type ImportSession } from './send-record.ts';
import type { Tally } from './tally.ts';

export interface ImportOptions {
  readonly file: string;
  /** Order of dates such as 01/03/2026, where the person said it */
  readonly dateOrder?: DateOrder | undefined;
  /** Where evidence files are looked for */
  readonly dir: string;
  /** Absent in a dry run: every row is judged and nothing is sent */
  readonly sending?: ImportSession | undefined;
  /** Connected as the second trust holder */
  readonly second?: Recourse | undefined;
  /** Counts as the run goes on, and holds what was done when it fails */
  readonly tally: Tally;
  readonly errors: ErrorFile;
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly onRecord: (at: { position: number; tally: Tally }) => void;
}

/**
 * Imports the records of a file: each is prepared, sent, confirmed and notified, or refused and explained. Stops cleanly
 * when the signal says so: what was begun is finished, nothing new is taken.
 * @throws what is wrong with more than one record; the journal then holds what was done
 */
export async function runImport(options: ImportOptions): Promise<void> {
  await new Import(options).run();
}

/** Owns the state of one run: which ids were seen, and the notices of drafts that wait to be confirmed. */
class Import {
  readonly #options: ImportOptions;
  readonly #seen = new Set<string>();
  readonly #waiting = new Map<string, { line: number; notice: Notice | undefined }>();
  readonly #confirmations: Confirmations | undefined;

  constructor(options: ImportOptions) {
    this.#options = options;
    this.#confirmations =
      options.second &&
      new Confirmations(options.second, {
        confirmed: (drafts) => this.#confirmed(drafts),
        refused: (draft, error) => this.#confirmationRefused(draft, error),
      });
  }

  async run(): Promise<void> {
    const { file, dateOrder, concurrency, signal } = this.#options;
    const orders = await findDateOrders(file, dateOrder);
    const groups = groupRows(spelled(readRows(file), orders));
    await eachOf(groups, { concurrency, signal }, (group) => this.#take(group));
    if (!signal.aborted) await this.#confirmations?.flush();
  }

  async #take(group: RowGroup): Promise<void> {
    const { dir, now, errors, sending } = this.#options;
    const read = readRecord(group, { dir, now: now() });
    const position = group.at(-1)?.position ?? 0;
    if (!read.ok) {
      this.#options.tally.refused += 1;
      errors.add(read.refusal);
    } else if (this.#seen.has(read.record.externalId)) {
      this.#refuse(read.record, 'duplicate-external-id');
    } else {
      this.#seen.add(read.record.externalId);
      if (sending) await this.#import(sending, read.record);
      else this.#options.tally.valid += 1;
    }
    this.#options.onRecord({ position, tally: this.#options.tally });
  }

  async #import(sending: ImportSession, record: ImportRecord): Promise<void> {
    const known = sending.journal.get(record.externalId);
    const isSame = known?.hash === sending.names.hash(record.content);
    if (known && known.state !== 'refused' && !isSame) {
      this.#refuse(record, 'changed-since-import');
      return;
    }
    try {
      if (known?.state === 'submitted' || known?.state === 'drafted') {
        this.#options.tally.before += 1;
        await this.#goOn(record, known.state);
      } else await this.#send(sending, record, known);
    } catch (error) {
      this.#refuseOrThrow(record, error);
    }
  }

  async #send(
    sending: ImportSession,
    record: ImportRecord,
    journalled: JournalRecord | undefined,
  ): Promise<void> {
    const begun = performance.now();
    const isNew = !journalled || journalled.state === 'refused';
    const sent = await (isNew
      ? sendNew(sending, record)
      : sendAgain(sending, record.externalId, journalled));
    this.#options.tally.took(performance.now() - begun);
    if (sent === 'submitted') this.#options.tally.imported += 1;
    else this.#options.tally.drafted += 1;
    await this.#goOn(record, sent);
  }

  /** Goes on after an answer: a draft waits for its confirmation, a sanction gets its notice. */
  async #goOn(record: ImportRecord, state: 'submitted' | 'drafted'): Promise<void> {
    const { externalId, line, notice } = record;
    if (state === 'submitted') {
      await this.#notify(externalId, notice);
      return;
    }
    const sanction = this.#options.sending?.journal.get(externalId)?.sanction;
    if (!this.#confirmations || !sanction) return;
    this.#waiting.set(externalId, { line, notice });
    await this.#confirmations.add({ externalId, sanction });
  }

  async #notify(externalId: string, notice: Notice | undefined): Promise<void> {
    const { sending } = this.#options;
    const isTold = sending?.journal.get(externalId)?.notified !== false;
    if (!sending || !notice || isTold) return;
    if (await sendNotice(sending, externalId, notice)) this.#options.tally.notified += 1;
  }

  async #confirmed(drafts: readonly Draft[]): Promise<void> {
    const { sending, concurrency, signal } = this.#options;
    for (const { externalId } of drafts) await sending?.journal.step(externalId, 'submitted');
    this.#options.tally.confirmed += drafts.length;
    await eachOf(drafts, { concurrency, signal }, async ({ externalId }) => {
      const { line = 0, notice } = this.#waiting.get(externalId) ?? {};
      this.#waiting.delete(externalId);
      try {
        await this.#notify(externalId, notice);
      } catch (error) {
        this.#refuseOrThrow({ externalId, line }, error);
      }
    });
  }

  async #confirmationRefused({ externalId }: Draft, error: unknown): Promise<void> {
    const { line = 0 } = this.#waiting.get(externalId) ?? {};
    this.#waiting.delete(externalId);
    this.#refuseOrThrow({ externalId, line }, error);
  }

  #refuseOrThrow(record: { externalId: string; line: number }, error: unknown): void {
    if (isUnreadableFile(error)) this.#refuse(record, 'evidence-unreadable');
    else if (isRecourseError(error) && classify(error) === 'of-the-record') {
      this.#refuse(record, error.code, error.issues);
    } else throw error;
  }

  #refuse(
    { externalId, line }: { externalId: string; line: number },
    code: string,
    issues: readonly ProblemIssue[] = [],
  ): void {
    this.#options.tally.refused += 1;
    const located = issues.map((issue) => ({ line, ...issue }));
    this.#options.errors.add({ line, externalId, code, issues: located });
  }
}
