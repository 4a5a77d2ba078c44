import type { ComparedTable, Difference, DifferenceCode } from '@recourse/registry';

/** Differences that are told one by one; beyond them only their number is. */
export const mostTold = 1_000;

/** Findings of the doctor, for people and for programs. */
export class Findings {
  readonly told: Difference[] = [];
  readonly counts = new Map<DifferenceCode, number>();

  /** @returns whether it is one of those that are told */
  add(difference: Difference): boolean {
    this.counts.set(difference.code, (this.counts.get(difference.code) ?? 0) + 1);
    if (this.told.length >= mostTold) return false;
    this.told.push(difference);
    return true;
  }

  get isWhole(): boolean {
    return this.counts.size === 0;
  }
}

/** One line of a difference: its code, then where it is. */
export function lineOf({ code, table, id, index, what }: Difference): string {
  const place = [table, id, index === undefined ? undefined : `entry ${index}`];
  return [code, ...place.filter((part) => part !== undefined), what ? `(${what})` : '']
    .join('  ')
    .trimEnd();
}

/** Draws the compared tables in columns. */
export function tableOf(compared: readonly ComparedTable[]): string[] {
  const rows = compared.map(({ table, rows, entries, counted = 0 }) => [
    table,
    String(rows),
    String(entries),
    counted > 0 ? `${counted} of them by number alone` : '',
  ]);
  const lines = [['', 'rows', 'entries', ''], ...rows];
  return lines.map(([table = '', count = '', entries = '', note = '']) =>
    `${table.padEnd(18)}${count.padStart(10)}${entries.padStart(10)}  ${note}`.trimEnd(),
  );
}

/** Meaning of each code, and the next step. */
export const whatToDo: Readonly<Record<DifferenceCode, string>> = {
  'row-not-logged':
    'a row was added or changed by something that is no server, or its entry is gone: keep a copy of the database, and restore it from before',
  'entry-without-row':
    'a row was deleted or changed: the log has it; restore the database from before',
  'opening-missing':
    'a row of openings was deleted: its party, or the creator, can no longer open this entry; restore it',
  'opening-invalid': 'a row of openings was changed: restore it',
  'case-key-missing':
    'the key of a case is gone or was replaced, and nothing of that case can be read: restore case_keys',
  'prefixes-differ':
    'what is counted in a prefix set is not what its records come to: a creator who has a record may not be found; recourse-server recover, or a restored database, makes the sets anew',
  'statement-differs':
    'a row says something else than the statement that its platform signed, so that checks and pages may be wrong: keep a copy of the database, and restore it from before',
  'next-differs':
    'a record says another instant than that of its next deadline, so that the scheduler comes too late, or for nothing: restore the database; the next change of the record writes it anew',
  'calls-differ':
    'rows of the audit were deleted, added or changed: receipts of those calls no longer have a row; restore them',
  'entries-differ':
    'the log itself was changed: the server recovers by itself or at its next start; restore the database',
  'tiles-differ':
    'the tiles or the state of the log were changed: the server recovers by itself or at its next start; restore the database',
  'losses-differ':
    'what a recovery lost is not what it logged: rows of ledger_losses were added, changed or deleted, so that all of it counts as different again; restore them',
  'checkpoint-differs':
    'a checkpoint was replaced, or the database is another one or an old copy: restore the one that it belongs to',
};
