import { keep, look, type AgentOptions, type Question } from './agent.ts';
import { holdMs, markOf, waitingOf, type Mark, type Waiting } from './mark.ts';
import { aboutOf, proofOf } from './proof.ts';
import type { UserRow, Users } from './users.ts';

/** An account as the application may treat it. */
export interface Standing {
  /**
   * - `waiting`: nobody answered yet, or nothing is proven. Treat the account as any other
   * - `free`: as any other
   * - `verify`: have another identifier proven
   * - `held`: it may not publish or be paid until a person looked
   */
  readonly state: 'waiting' | 'free' | 'verify' | 'held';
  /** Of a hold */
  readonly since?: string;
  /** The hold ended by itself after seven days, without a review */
  readonly lapsed?: true;
}

export interface CheckingOptions {
  readonly users: Users;
  readonly agent: AgentOptions;
  readonly clock: () => Date;
  /** Tells the person, at once */
  readonly onHeld?: ((held: { readonly userId: string }) => Promise<void> | void) | undefined;
  readonly onError: (what: string, error: unknown) => void;
}

/** Takes users from their proof to what was found. Every step may be repeated, on any server. */
export class Checking {
  readonly #options: CheckingOptions;
  #passing: Promise<void> | undefined;
  #isWanted = false;

  constructor(options: CheckingOptions) {
    this.#options = options;
  }

  /** Hands over what waits, and reads what was answered. One pass at a time; what fails is done by a later one. */
  sweep(): Promise<void> {
    this.#isWanted = true;
    this.#passing ??= this.#passes().finally(() => (this.#passing = undefined));
    return this.#passing;
  }

  async standingOf(userId: string): Promise<Standing> {
    const user = await this.#options.users.find(userId);
    const mark = markOf(user?.recourse);
    if (mark?.state === 'held') return this.#held(mark);
    if (!mark || waitingOf(user?.recourseWaiting)) return { state: 'waiting' };
    return { state: mark.state };
  }

  /** A person looked, or the record was recalled. */
  async release(userId: string): Promise<void> {
    const { users } = this.#options;
    const user = await users.find(userId);
    const about = markOf(user?.recourse)?.about;
    if (user && about !== undefined) await users.mark(user, { state: 'free', about });
  }

  #held({ since }: Extract<Mark, { state: 'held' }>): Standing {
    const isOver = this.#options.clock().getTime() - since.getTime() >= holdMs;
    const standing = { since: since.toISOString() };
    return isOver ? { state: 'free', ...standing, lapsed: true } : { state: 'held', ...standing };
  }

  /** What comes during a pass is seen by another one. */
  async #passes(): Promise<void> {
    while (this.#isWanted) {
      this.#isWanted = false;
      await this.#pass();
    }
  }

  async #pass(): Promise<void> {
    try {
      for (const user of await this.#options.users.waiting()) {
        const waiting = waitingOf(user.recourseWaiting);
        if (waiting?.state === 'ask') await this.#handOver(user, waiting);
        else if (waiting) await this.#readAnswer(user, waiting);
      }
    } catch (error) {
      this.#options.onError('the agent was not reached', error);
    }
  }

  async #handOver(user: UserRow, proven: Extract<Waiting, { state: 'ask' }>): Promise<void> {
    const { agent, users, clock } = this.#options;
    const before = markOf(user.recourse);
    const proof = proofOf(user, { ...proven, now: clock() });
    const about = proof && aboutOf(proof);
    // The same identifiers are asked about once, and a person looks first at what is held.
    if (!proof || about === undefined || before?.about === about || before?.state === 'held') {
      const mark: Mark = before ?? { state: 'free', about: '' };
      await users.done(user, { mark });
      return;
    }
    const kept = await keep(agent, { ref: user.id, ...proof });
    if (!kept) await users.done(user, { mark: { state: 'free', about } });
    else if (
      await users.done(user, { waiting: { state: 'asked', about, question: kept.question } })
    )
      await this.#again(user.id);
  }

  /** Most answers are there at once. */
  async #again(id: string): Promise<void> {
    const user = await this.#options.users.find(id);
    const waiting = waitingOf(user?.recourseWaiting);
    if (user && waiting?.state === 'asked') await this.#readAnswer(user, waiting);
  }

  async #readAnswer(
    user: UserRow,
    { about, question: id }: Extract<Waiting, { state: 'asked' }>,
  ): Promise<void> {
    const { agent, users, onHeld } = this.#options;
    const question = await look(agent, id);
    if (question?.state === 'waiting') return;
    const mark = this.#found(question, about);
    // Of several servers the one that marks tells.
    if ((await users.done(user, { mark })) && mark.state === 'held')
      await onHeld?.({ userId: user.id });
  }

  #found(question: Question | undefined, about: string): Mark {
    if (question?.advice === 'review')
      return { state: 'held', about, since: this.#options.clock() };
    return { state: question?.advice === 'verify-identity' ? 'verify' : 'free', about };
  }
}
