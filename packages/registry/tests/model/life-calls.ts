import {
  caseKey,
  signCompact,
  toNumericDate,
  type Id,
  type OpInput,
  type OpName,
  type OpOutput,
  type SanctionStatement,
  type Withdrawal,
} from '@recourse/protocol';
import {
  newSecret,
  random32,
  testOrigin,
  type TestAnswer,
  type TestKey,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import { toldPlatforms } from '../../src/told/recalls/store.ts';
import { findSanction } from '../../src/records/store.ts';
import { recordOf } from '../../src/submissions/views.ts';
import { newElement } from '../checks-fixture.ts';
import { proveAll, tokenOf } from '../cases-fixture.ts';
import { deliverNotices } from '../../src/cases/notices/deliver-notices.ts';
import { build } from '../sanctions-harness.ts';
import type { Jobs, Kind } from './acts.ts';
import type { Platform } from './state.ts';
import type { Wire } from './wire.ts';

const day = 86_400;

/** Where the calls of a life go, and for whom. */
export interface Stage {
  readonly registry: TestRegistry;
  readonly submitter: TestPlatform;
  readonly wire: Wire;
  readonly kind: Kind;
  readonly jobs: Jobs;
}

interface MadeRecord {
  readonly sanction: Id<'snc'>;
  readonly token: string;
  /** What the token is of */
  readonly address: string;
  readonly key: string;
  /** Of somebody else on the creator's side, who came by the same ways */
  readonly otherKey: string;
  readonly noticeDueAt: Date;
  readonly expiresAt: Date;
}

/** Next to speech, and answered after a hold. */
const fakes = () => ({
  reason: 'network.fake-accounts' as const,
  evidence: [{ class: 'link-analysis' as const, commitment: random32() }],
});
/** A record of its kind is made, and its case claimed. */
export async function makeRecord(stage: Stage): Promise<MadeRecord> {
  const { registry, submitter, wire, kind } = stage;
  // What reviewers gave back of other lives is not counted against this one.
  await registry.ownerDb.updateTable('holders').set({ excused_at: registry.now() }).execute();
  const [code, key, otherKey] = [newSecret(), newSecret(), newSecret()];
  const address = `creator-${random32().slice(0, 12).toLowerCase()}@mail.example`;
  const token = await tokenOf(registry, 'email', address);
  const exp = toNumericDate(registry.now()) + (kind === 'now' ? 330 : 60) * day;
  const reasons: Partial<Record<Kind, Partial<SanctionStatement>>> = {
    now: {},
  };
  const input = await build(registry, {
    signedBy: submitter.trust,
    statement: { exp, ...(reasons[kind] ?? fakes()) },
    subjects: [{ kind: 'email', control: 'otp', token }],
    submission: { caseKey: caseKey(code) },
  });
  const sanction = await record(stage, input);
  for (const newKey of [key, otherKey]) {
    const claimed = await wire.sendCase('case.claim', { code, newKey });
    if (claimed.status !== 200) throw new Error(claimed.raw.body);
    await proveAll(registry, newKey);
  }
  const row = await findSanction(registry.db, sanction);
  return {
    sanction,
    token,
    address,
    key,
    otherKey,
    noticeDueAt: row!.notice_due_at!,
    expiresAt: new Date(exp * 1000),
  };
}

async function record(
  { wire, submitter }: Stage,
  input: OpInput<'sanctions.submit'>,
): Promise<Id<'snc'>> {
  const { sanction } = done(await wire.call(submitter.service, 'sanctions.submit', input)) as {
    sanction: Id<'snc'>;
  };
  return sanction;
}

export function done(answer: TestAnswer): unknown {
  if (answer.status !== 200) throw new Error(answer.raw.body);
  return answer.body.result;
}

/** The calls of submitter, platforms and operator: nothing here knows what is allowed. */
export class LifeCalls {
  readonly registry: TestRegistry;
  readonly jobs: Jobs;
  readonly sanction: Id<'snc'>;
  readonly noticeDueAt: Date;
  readonly expiresAt: Date;
  protected readonly wire: Wire;
  protected readonly submitter: TestPlatform;
  protected readonly token: string;
  protected readonly address: string;
  protected readonly key: string;
  protected readonly otherKey: string;
  protected last: { op: OpName; compact: string; answer: TestAnswer } | undefined;
  protected readonly told = new Map<string, number>();
  readonly #matches = new Map<Platform, Id<'mat'>>();
  #question: Id<'qst'> | undefined;

  constructor(stage: Stage, record: MadeRecord) {
    this.registry = stage.registry;
    this.submitter = stage.submitter;
    this.wire = stage.wire;
    this.jobs = stage.jobs;
    this.sanction = record.sanction;
    this.noticeDueAt = record.noticeDueAt;
    this.expiresAt = record.expiresAt;
    this.token = record.token;
    this.address = record.address;
    this.key = record.key;
    this.otherKey = record.otherKey;
  }

  get = (): Promise<TestAnswer> =>
    this.wire.call(this.submitter.service, 'sanctions.get', { sanction: this.sanction });

  /** What the call answers, without the call: it is asked after every act. */
  async read(sanction: string = this.sanction) {
    const { db } = this.registry;
    const row = await findSanction(db, sanction);
    if (!row) throw new Error('no such sanction');
    const disclosures = this.told.get(sanction) ?? 0;
    const erased = { texts: row.texts_erased_at !== null, theCase: row.erased_at !== null };
    const wasShown = row.visible_recorded;
    return { ...recordOf(row, { now: this.registry.now(), told: disclosures }), erased, wasShown };
  }

  settle = (): Promise<void> => this.wire.settle();

  /** The registry writes to the creator, and the message is taken at once. */
  async notify(): Promise<TestAnswer> {
    const answer = await this.call(this.submitter.trust, 'sanctions.notify', {
      sanction: this.sanction,
      language: 'en',
      addresses: [this.address],
    });
    await deliverNotices(this.registry.services);
    return answer;
  }

  async withdraw(): Promise<TestAnswer> {
    const withdrawal = await this.withdrawal();
    return this.call(this.submitter.trust, 'sanctions.withdraw', { withdrawal });
  }

  protected withdrawal(
    { trust, id }: TestPlatform = this.submitter,
    sub: Id<'snc'> = this.sanction,
  ): Promise<string> {
    const claims: Withdrawal = {
      iss: id as Withdrawal['iss'],
      aud: testOrigin,
      sub,
      cause: 'error',
      iat: toNumericDate(this.registry.now()),
    };
    return signCompact(trust.signer, 'recourse-withdrawal+jwt', claims);
  }

  /** How many records the platform was told of, or the code of its refusal. */
  async tell(platform: Platform): Promise<number | string> {
    const { service } = this.registry.parties[platform];
    const evaluated = await this.wire.call(service, 'checks.evaluate', {
      purpose: 'signup',
      epochs: [1],
      blinded: [newElement()],
      provenAt: toNumericDate(this.registry.now()),
    });
    if (evaluated.status !== 200) return String(evaluated.body.type);
    const answer = await this.wire.call(service, 'checks.match', {
      check: evaluated.body.result.check,
      tokens: [{ epoch: 1, token: this.token }],
    });
    const { matches } = answer.body.result as OpOutput<'checks.match'>;
    // Or the lives that come after it would find checks stopped, for what was owed since.
    const outcomes = matches.map(({ match }) => ({ match, outcome: 'admitted' as const }));
    if (matches.length > 0) await this.wire.call(service, 'checks.report', { outcomes });
    const own = matches.find(({ sanction }) => sanction === this.sanction);
    if (own) this.#matches.set(platform, own.match);
    return matches.length;
  }

  /** Nothing else tells anybody: it is not asked after every act. */
  protected async countTold(...sanctions: Id<'snc'>[]): Promise<void> {
    const platforms = await toldPlatforms(this.registry.db, sanctions);
    for (const sanction of sanctions) this.told.set(sanction, platforms.get(sanction)?.length ?? 0);
  }

  matchOf = (platform: Platform): Id<'mat'> | undefined => this.#matches.get(platform);

  async ask(platform: Platform): Promise<TestAnswer> {
    const match = this.matchOf(platform) ?? (`mat_${'0'.repeat(26)}` as const);
    const { trust } = this.registry.parties[platform];
    const answer = await this.call(trust, 'matches.ask', { match, asks: 'still-stands' });
    if (answer.status === 200) this.#question = answer.body.result.question;
    return answer;
  }

  reply(): Promise<TestAnswer> {
    const question = this.#question ?? (`qst_${'0'.repeat(26)}` as const);
    return this.call(this.submitter.trust, 'matches.answer', { question, answer: 'yes' });
  }

  /** Read from the rows: a list has pages, and ids made within a millisecond have no order. */
  async recallsOf(
    platform: Platform,
    sanction: string = this.sanction,
  ): Promise<{ recall: Id<'rcl'>; kind: string; state: string }[]> {
    const rows = await this.registry.db
      .selectFrom('recalls')
      .selectAll()
      .where('sanction', '=', sanction)
      .where('party', '=', this.registry.parties[platform].id)
      .orderBy('version')
      .execute();
    return rows.map((row) => ({
      recall: row.id as Id<'rcl'>,
      kind: row.kind,
      state: row.acknowledgement ? 'acknowledged' : row.superseded_by ? 'superseded' : 'open',
    }));
  }

  async acknowledge(platform: Platform, recall: Id<'rcl'>): Promise<TestAnswer> {
    const { service } = this.registry.parties[platform];
    return this.call(service, 'recalls.acknowledge', {
      recall,
      action: 'never-acted',
      copies: 'deleted',
    });
  }

  leave = (): Promise<TestAnswer> =>
    this.call(this.submitter.admin, 'platforms.leave', {
      party: this.submitter.id as `plt_${string}`,
    });

  /** Of somebody else; taken back at once, since it is only asked whether the submitter may. */
  async recordAnother(): Promise<TestAnswer> {
    const { trust, service } = this.submitter;
    const input = await build(this.registry, { signedBy: trust });
    const answer = await this.call(service, 'sanctions.submit', input);
    if (answer.status !== 200) return answer;
    const withdrawal = await this.withdrawal(this.submitter, answer.body.result.sanction);
    done(await this.wire.call(trust, 'sanctions.withdraw', { withdrawal }));
    return answer;
  }

  /** By two operators. */
  async order(effect: 'end' | 'restrict'): Promise<TestAnswer> {
    const [first, second] = this.registry.parties.operator;
    const input: OpInput<'orders.execute'> = {
      sanction: this.sanction,
      effect,
      body: 'court',
      date: toNumericDate(this.registry.now()) - day,
      reference: random32(),
    };
    const proposed = await this.wire.call(first, 'orders.execute', input);
    return proposed.status === 200 ? this.call(second, 'orders.execute', input) : proposed;
  }

  protected async call<N extends OpName>(
    key: TestKey,
    op: N,
    input: OpInput<N>,
  ): Promise<TestAnswer> {
    const compact = await this.registry.sign(key, { op, in: input });
    const answer = await this.wire.send(op, compact);
    this.last = { op, compact, answer };
    return answer;
  }

  /** The bytes of the last act once more, and what they were answered the first time. */
  async repeat(): Promise<{ first: TestAnswer; again: TestAnswer } | undefined> {
    const { last } = this;
    if (!last) return undefined;
    return { first: last.answer, again: await this.wire.send(last.op, last.compact) };
  }
}
