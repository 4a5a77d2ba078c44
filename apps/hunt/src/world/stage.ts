import { randomBytes } from 'node:crypto';
import {
  toNumericDate,
  type CaseInput,
  type CaseOpName,
  type CaseOutput,
  type OpInput,
  type OpName,
  type OpOutput,
} from '@recourse/protocol';
import type { TestAnswer, TestKey, TestRegistry } from '@recourse/testkit';
import type { Came, Noun, RecordMade, Thing, Things } from '../acts/things.ts';
import { castOf, guestOf, type Principal, type Seated } from './principals.ts';

/** A text that one principal received, and by which operation. */
export interface Reading {
  readonly by: Principal;
  readonly op: string;
  readonly text: string;
}

/** An answer, and its result where it was accepted. */
export interface Answered<T> extends Came {
  readonly result: T | undefined;
}

/** A registry, the cast around it, and all that acts have made so far. */
export class Stage {
  readonly registry: TestRegistry;
  readonly cast: readonly Principal[];
  readonly things: Thing[] = [];
  /** What was read since somebody looked */
  readonly readings: Reading[] = [];
  /** Who keeps what a text may be read by: see `laws/canaries.ts` */
  readonly audiences = new Map<string, Audience>();
  readonly facts: Facts = {
    done: [],
    decisions: [],
    votes: [],
    rechecks: [],
    invited: [],
    vouched: [],
    joined: [],
    proposed: [],
    conceded: [],
    handed: [],
    asked: [],
    answered: [],
    sent: [],
    texts: [],
    units: [],
    questions: [],
    books: [],
  };
  /** The code that the submitter of a record made */
  readonly submitted = new Map<string, string>();
  /** The act that runs, which names what it makes */
  act = '';
  #made = 0;

  constructor(registry: TestRegistry, seated: Seated) {
    this.registry = registry;
    this.cast = castOf(registry, seated);
  }

  get now(): number {
    return toNumericDate(this.registry.now());
  }

  /** Seconds with their fraction: what happened within one second has an order */
  get instant(): number {
    return this.registry.now().getTime() / 1000;
  }

  who(name: string): Principal {
    const found = this.cast.find((one) => one.name === name) ?? guestOf(name);
    if (!found) throw new Error(`nobody is called ${name}`);
    return found;
  }

  partyOf(id: string): Principal | undefined {
    return this.cast.find(({ platform }) => platform?.id === id);
  }

  begin(act: string): void {
    this.act = act;
    this.#made = 0;
  }

  make<N extends Noun>(noun: N, value: Things[N], holder: string | null = null): void {
    this.things.push({
      id: `${this.act}/${noun}/${this.#made++}`,
      noun,
      holder,
      value,
    });
  }

  all<N extends Noun>(noun: N): readonly Thing<N>[] {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- by its noun
    return this.things.filter((thing) => thing.noun === noun) as unknown as Thing<N>[];
  }

  /** What an act referred to by one of its names. */
  referred<N extends Noun>(
    { refs }: Pick<Done, 'refs'>,
    name: string,
    noun: N,
  ): Things[N] | undefined {
    return this.all(noun).find(({ id }) => id === refs[name])?.value;
  }

  record(sanction: string): RecordMade | undefined {
    return this.all('record').find(({ value }) => value.sanction === sanction)?.value;
  }

  /** @returns what takes everything back that was noted since: for a branch */
  mark(): () => void {
    const { proofs } = this.registry;
    const lists: unknown[][] = [
      this.things,
      this.readings,
      proofs.mails,
      proofs.news,
      proofs.notices,
      proofs.texts,
      ...Object.values(this.facts),
    ];
    const lengths = lists.map(({ length }) => length);
    const [now, act, made] = [this.registry.now().getTime(), this.act, this.#made];
    return () => {
      for (const [at, list] of lists.entries()) list.length = lengths[at] ?? 0;
      this.act = act;
      this.#made = made;
      this.registry.advance((now - this.registry.now().getTime()) / 1000);
    };
  }

  /** A text that nobody reads but whom `audience` names. */
  canary(audience: Audience): string {
    const text = `cnry${randomBytes(8).toString('hex')}`;
    this.audiences.set(text, audience);
    return text;
  }

  read(by: Principal, op: string, text: string): void {
    this.readings.push({ by, op, text });
  }

  // One line a call in every row: who, by which key, what.
  // oxlint-disable-next-line max-params
  async call<N extends OpName>(
    by: Principal,
    key: TestKey,
    op: N,
    input: OpInput<N>,
  ): Promise<Answered<OpOutput<N>>> {
    const answer = await this.registry.call(key, op, input);
    this.read(by, op, answer.raw.body);
    return { ...cameTo(answer), result: answer.body.result };
  }

  // oxlint-disable-next-line max-params
  async caseCall<N extends CaseOpName>(
    by: Principal,
    op: N,
    input: Omit<CaseInput<N>, 'jti'>,
    jti?: string,
  ): Promise<Answered<CaseOutput<N>>> {
    const answer = await this.registry.caseCall(op, input, jti === undefined ? {} : { jti });
    this.read(by, op, answer.raw.body);
    return { ...cameTo(answer), result: answer.body.result?.data };
  }
}

/** Whose a text is, about which record, and what it is: an account, somebody's words. */
export interface Audience {
  readonly kind: 'account' | 'words' | 'response' | 'question' | 'reasons' | 'journal' | 'book';
  readonly sanction: string;
  readonly author: string;
}

/** An act that was accepted, when, and what the answer said. */
export interface Done {
  readonly id: string;
  readonly by: string;
  readonly op: string;
  readonly refs: Readonly<Record<string, string>>;
  readonly literals: Readonly<Record<string, string | number | boolean>>;
  readonly at: number;
  readonly result: unknown;
}

/** What the harness itself saw, which the laws are judged by: never the tables of the registry. */
export interface Facts {
  /** Every act that was accepted, and what the answer said */
  readonly done: Done[];
  readonly decisions: {
    by: string;
    review: string;
    /** Whether its review is closed by it */
    isDecided: boolean;
    at: number;
    submitter: string;
    sanction: string;
    outcome: string;
    cause: string | undefined;
  }[];
  readonly votes: { by: string; item: string; outcome: string }[];
  /** Whoever looked at a disputed item */
  readonly rechecks: { by: string; sanction: string }[];
  /** Whoever a claimant let in */
  readonly invited: { by: string; sanction: string; who: string }[];
  readonly vouched: {
    by: string;
    identifier: string;
    secret: string;
    who: string;
  }[];
  /** Codes that a platform gave to somebody */
  readonly handed: { sanction: string; who: string }[];
  /** Whoever appealed or joined */
  readonly joined: {
    sanction: string;
    claimant: string;
    by: string;
    at: number;
  }[];
  /** Acts of operators about a party */
  readonly proposed: { by: string; op: string; party: string }[];
  /** Appeals that a submitter conceded */
  readonly conceded: { by: string; sanction: string }[];
  readonly asked: {
    sanction: string;
    question: string;
    kind: string;
    at: number;
  }[];
  readonly answered: { sanction: string; question: string; by: string }[];
  /** Messages that left, and for which platform */
  readonly sent: {
    channel: 'email' | 'sms' | 'news';
    to: string;
    submitter: string;
    at: number;
  }[];
  /** Texts of claimants that answer no question */
  readonly texts: { sanction: string; claimant: string; at: number }[];
  /** What was evaluated or vouched for, of the bucket of a platform */
  readonly units: { by: string; units: number; isKept: boolean; check: string; at: number }[];
  /** Tokens that a check was asked about */
  readonly questions: { check: string; tokens: readonly string[] }[];
  /** Books that a platform wrote: behind which version, by which mark, and to whose key it is sealed */
  readonly books: {
    by: string;
    book: string;
    after: number;
    version: number;
    text: string;
    to: string;
  }[];
}

const cameTo = ({ status, body }: TestAnswer): Came => ({
  accepted: status === 200,
  code:
    status === 200
      ? 'ok'
      : [String(body.type ?? status).replace(/^.*\//, ''), body.issues?.[0]?.code]
          .filter(Boolean)
          .join('/'),
});

export const refusedHere = (code: string): Came => ({
  accepted: false,
  code: `hunt/${code}`,
});
