import { createHmac, randomUUID } from 'node:crypto';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { jcs } from '@recourse/protocol';
import { AgentError } from '../errors.ts';
import type { KeptCheckOrder } from '../orders/schemas.ts';
import type { Trouble } from '../outbox/entry.ts';
import { derivedKey, open, seal } from '../secrets/sealing.ts';
import {
  askUntil,
  keptMs,
  type EndedQuestion,
  type Question,
  type QuestionResult,
} from './question.ts';

const mostWaiting = 100_000;

const schema = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma secure_delete = on;
  create table if not exists questions (
    seq integer primary key,
    id text not null unique,
    hash blob not null unique,
    purpose text not null,
    ref text not null,
    taken_at integer not null,
    ask_until integer not null,
    next_at integer not null,
    sealed blob,
    state text not null,
    ended_at integer,
    answer text,
    told integer not null default 0,
    check ((state = 'waiting') = (sealed is not null)),
    check ((state = 'waiting') = (ended_at is null))
  ) strict;
  create index if not exists questions_due on questions (next_at) where state = 'waiting';
  create index if not exists questions_late on questions (ask_until) where state = 'waiting';
  create index if not exists questions_untold on questions (seq) where state <> 'waiting' and told = 0;
  create index if not exists questions_ended on questions (ended_at) where ended_at is not null;`;

type Row = Record<string, SQLOutputValue>;

export interface DueQuestion {
  readonly id: string;
  readonly askUntil: Date;
}

type End =
  | { readonly state: 'answered'; readonly result: QuestionResult }
  | { readonly state: 'refused'; readonly trouble: Trouble };

/**
 * Questions in one file. What a method changes is on the disk when it returns. Identifiers are sealed, and leave with the
 * end of their question; what stays for 90 days is a keyed hash of them.
 */
export class QuestionStore {
  readonly #db: DatabaseSync;
  readonly #key: Uint8Array;

  /** @param secret 32 bytes as base64url. @throws AgentError `secret-invalid`, `questions-unreadable` */
  constructor(path: string, secret: string) {
    this.#key = derivedKey(secret, 'questions');
    this.#db = new DatabaseSync(path);
    this.#db.exec(schema);
    const [first] = this.due(new Date(8.64e15), 1);
    if (first) this.open(first.id);
  }

  close(): void {
    this.#db.close();
  }

  /** The same purpose, reference and identifiers are one question. @throws AgentError `questions-full` */
  take(order: KeptCheckOrder, now: Date): Question {
    const hash = this.#hashOf(order);
    const known = this.#one('select * from questions where hash = ?', hash);
    if (known) return questionOf(known);
    if (this.waiting() >= mostWaiting) throw full();
    const id = randomUUID();
    const sealed = seal(JSON.stringify(order), { key: this.#key, name: id });
    const until = askUntil(order, now);
    const { purpose, ref } = order;
    this.#db
      .prepare(
        `insert into questions (id, hash, purpose, ref, taken_at, ask_until, next_at, sealed, state)
          values (?, ?, ?, ?, ?, ?, ?, ?, 'waiting')`,
      )
      .run(id, hash, purpose, ref, now.getTime(), until.getTime(), now.getTime(), sealed);
    return this.get(id)!;
  }

  get(id: string): Question | undefined {
    const row = this.#one('select * from questions where id = ?', id);
    return row && questionOf(row);
  }

  waiting(): number {
    const row = this.#one(`select count(*) as n from questions where state = 'waiting'`);
    return Number(row?.['n']);
  }

  /** Those that may be asked now, the one that may for longest first. */
  due(now: Date, most: number): DueQuestion[] {
    return this.#db
      .prepare(
        `select id, ask_until from questions where state = 'waiting' and next_at <= ?
          order by next_at, seq limit ?`,
      )
      .all(now.getTime(), most)
      .map((row) => ({ id: String(row['id']), askUntil: new Date(Number(row['ask_until'])) }));
  }

  /** What a waiting question asks; undefined where it ended meanwhile. @throws AgentError `questions-unreadable` */
  open(id: string): KeptCheckOrder | undefined {
    const row = this.#one(`select sealed from questions where id = ? and state = 'waiting'`, id);
    if (!row) return undefined;
    try {
      const text = open(row['sealed'] as Uint8Array, { key: this.#key, name: id });
      const order: KeptCheckOrder = JSON.parse(text);
      return order;
    } catch (cause) {
      throw unreadable(id, cause);
    }
  }

  /** Puts one behind the others that are due. */
  postpone(id: string, until: Date): void {
    this.#db
      .prepare(`update questions set next_at = ? where id = ? and state = 'waiting'`)
      .run(until.getTime(), id);
  }

  /** Ends a question; false where it had ended. */
  end(id: string, { state, ...answer }: End, now: Date): boolean {
    const { changes } = this.#db
      .prepare(
        `update questions set state = ?, answer = ?, ended_at = ?, sealed = null
          where id = ? and state = 'waiting'`,
      )
      .run(state, JSON.stringify(answer), now.getTime(), id);
    return changes > 0;
  }

  /** Ends what is asked too late. */
  endLate(now: Date): void {
    this.#db
      .prepare(
        `update questions set state = 'not-asked', ended_at = ?, sealed = null
          where state = 'waiting' and ask_until <= ?`,
      )
      .run(now.getTime(), now.getTime());
  }

  /** Those that ended and that no service was told of, the oldest first. */
  untold(most: number): EndedQuestion[] {
    return this.#db
      .prepare(`select * from questions where state <> 'waiting' and told = 0 order by seq limit ?`)
      .all(most)
      .map(questionOf)
      .filter((question) => question.state !== 'waiting');
  }

  told(id: string): void {
    this.#db.prepare('update questions set told = 1 where id = ?').run(id);
  }

  /** Erases what ended so long ago that nobody asks for it any more, and what the log of the file keeps of it. */
  forget(now: Date): void {
    this.#db.prepare('delete from questions where ended_at <= ?').run(now.getTime() - keptMs);
    this.#db.exec('pragma wal_checkpoint(truncate)');
  }

  #one(text: string, ...values: (string | Uint8Array)[]): Row | undefined {
    return this.#db.prepare(text).get(...values);
  }

  #hashOf({ purpose, ref, identifiers }: KeptCheckOrder): Uint8Array {
    return createHmac('sha256', this.#key).update(jcs({ purpose, ref, identifiers })).digest();
  }
}

function questionOf(row: Row): Question {
  const common = {
    id: String(row['id']),
    purpose: row['purpose'] as Question['purpose'],
    ref: String(row['ref']),
    takenAt: timeOf(row['taken_at']),
    askUntil: timeOf(row['ask_until']),
  };
  const state = row['state'] as Question['state'];
  if (state === 'waiting') return { ...common, state };
  const ended = { ...common, endedAt: timeOf(row['ended_at']) };
  if (state === 'not-asked') return { ...ended, state };
  // Written by `end` alone.
  const answer: { result: QuestionResult; trouble: Trouble } = JSON.parse(String(row['answer']));
  return state === 'answered'
    ? { ...ended, state, result: answer.result }
    : { ...ended, state, trouble: answer.trouble };
}

const timeOf = (value: SQLOutputValue | undefined): string => new Date(Number(value)).toISOString();

const full = (): AgentError =>
  new AgentError('questions-full', {
    message: `${mostWaiting} questions wait already.`,
    next: 'See GET /healthz for whether the registry is reached. Let the signup go on, and ask later.',
  });

const unreadable = (id: string, cause: unknown): AgentError =>
  new AgentError(
    'questions-unreadable',
    {
      message: `The question ${id} does not open with this key, or is damaged.`,
      next: 'Give the key with which it was written. If it is lost for good, move questions.sqlite away: what waits there is then not asked.',
    },
    { cause },
  );
