import type { Services } from '../../context/context.ts';
import { problemOf } from '../../commit/answer.ts';
import type { Db } from '../../kernel/database.ts';
import { Groups } from '../../kernel/groups.ts';
import { findRecords, type FoundRecords, type Question } from './store.ts';

interface WaitingQuestion {
  readonly question: Question;
  readonly resolve: (found: FoundRecords | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Looks up what the checks of one server ask, a group by one statement. */
export class LookUps {
  /** The statement reads no more questions */
  static readonly most = 32;
  readonly #db: Db;
  readonly #groups = new Groups<WaitingQuestion>(LookUps.most, (group) => this.#ask(group));

  constructor(db: Db) {
    this.#db = db;
  }

  find(question: Question): Promise<FoundRecords | undefined> {
    return new Promise((resolve, reject) => this.#groups.add({ question, resolve, reject }));
  }

  async #ask(group: readonly WaitingQuestion[]): Promise<void> {
    try {
      const questions = group.map(({ question }) => question);
      const found = await findRecords(this.#db, questions);
      group.forEach(({ resolve }, place) => resolve(found[place]));
    } catch (error) {
      // A question that the database refuses fails alone; what ails the database fails them all.
      const isOfOne = group.length > 1 && problemOf(error).code === 'internal';
      if (isOfOne) for (const one of group) await this.#ask([one]);
      else for (const { reject } of group) reject(error);
    }
  }
}

const servers = new WeakMap<Services, LookUps>();

/** One for each server. */
export function lookUpsOf(services: Services): LookUps {
  const known = servers.get(services);
  if (known) return known;
  const made = new LookUps(services.db);
  servers.set(services, made);
  return made;
}
