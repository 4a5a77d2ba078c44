import { keep, look, type AgentOptions, type Question } from './agent.ts';
import { holdMs, proofMs, type Mark, type Proven } from './mark.ts';
import { aboutOf, proofOf } from './proof.ts';
import { markIn, type UserRow, type Users } from './users.ts';

/** An account as the application may treat it. */
export interface Standing {
  /**
   * - `waiting`: nobody answered yet. Treat the account as any other
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

  constructor(options: CheckingOptions) {
    this.#options = options;
  }

  /** Somebody just proved something. It neither waits nor fails: a signup goes on, and the rest is done beside it. */
  async proven({ id }: Pick<UserRow, 'id'>, what: Proven): Promise<void> {
    const { users, clock, onError } = this.#options;
    try {
      const user = await users.find(id);
      if (user && (await this.#toAsk(user, { what, at: clock() }))) void this.sweep();
    } catch (error) {
      onError('a proof was not marked', error);
    }
  }

  /** Hands over what waits, and reads what was answered. One pass at a time; what fails is done by a later one. */
  sweep(): Promise<void> {
    this.#passing ??= this.#pass().finally(() => (this.#passing = undefined));
    return this.#passing;
  }

  async standingOf(userId: string): Promise<Standing> {
    const user = await this.#options.users.find(userId);
    const mark = user ? markIn(user) : undefined;
    if (!mark || mark.state === 'ask' || mark.state === 'asked') return { state: 'waiting' };
    if (mark.state !== 'held') return { state: mark.state };
    const since = mark.at.toISOString();
    const isOver = this.#options.clock().getTime() - mark.at.getTime() >= holdMs;
    return isOver ? { state: 'free', since, lapsed: true } : { state: 'held', since };
  }

  /** A person looked, or the record was recalled. */
  async release(userId: string): Promise<void> {
    const user = await this.#options.users.find(userId);
    const mark = user && markIn(user);
    if (mark) await this.#options.users.mark(user, { state: 'free', about: mark.about });
  }

  /** Notes a proof, unless the same identifiers were noted before, or a person has to look first. */
  async #toAsk(user: UserRow, { what, at }: { what: Proven; at: Date }): Promise<boolean> {
    const { users, clock } = this.#options;
    const before = markIn(user);
    const proof = proofOf(user, { what, at, now: clock() });
    if (!proof || before?.state === 'held') return false;
    const about = aboutOf(proof);
    return before?.about !== about && users.mark(user, { state: 'ask', about, at, what });
  }

  async #pass(): Promise<void> {
    const { users, clock, onError } = this.#options;
    try {
      for (const user of await users.missed(new Date(clock().getTime() - proofMs)))
        await this.#toAsk(user, { what: 'email', at: user.createdAt });
      for (const user of await users.in('ask')) await this.#handOver(user);
      for (const user of await users.in('asked')) await this.#readAnswer(user);
    } catch (error) {
      onError('the agent was not reached', error);
    }
  }

  async #handOver(user: UserRow): Promise<void> {
    const { agent, users, clock } = this.#options;
    const mark = markIn(user);
    if (mark?.state !== 'ask') return;
    const proof = proofOf(user, { ...mark, now: clock() });
    const kept = proof && (await keep(agent, { ref: user.id, ...proof }));
    const about = proof ? aboutOf(proof) : mark.about;
    await users.mark(
      user,
      kept ? { state: 'asked', about, question: kept.question } : { state: 'free', about },
    );
  }

  async #readAnswer(user: UserRow): Promise<void> {
    const { agent, users, onHeld } = this.#options;
    const mark = markIn(user);
    if (mark?.state !== 'asked') return;
    const question = await look(agent, mark.question);
    if (question?.state === 'waiting') return;
    const next = this.#found(question, mark.about);
    // Of several servers the one that marks tells.
    if ((await users.mark(user, next)) && next.state === 'held')
      await onHeld?.({ userId: user.id });
  }

  #found(question: Question | undefined, about: string): Mark {
    if (question?.advice === 'review') return { state: 'held', about, at: this.#options.clock() };
    return { state: question?.advice === 'verify-identity' ? 'verify' : 'free', about };
  }
}
