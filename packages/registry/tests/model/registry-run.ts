import {
  caseKey,
  reasonsCommitment,
  signCompact,
  toNumericDate,
  toTimestamp,
  type DisputeAnswer,
  type Id,
  type OpInput,
  type OpName,
  type OpOutput,
  type Withdrawal,
} from '@recourse/protocol';
import { generateKeyPairSync } from 'node:crypto';
import {
  newSecret,
  random32,
  testOrigin,
  type TestAnswer,
  type TestKey,
  type TestRegistry,
} from '@recourse/testkit';
import { settleDue } from '../../src/due/settle-due.ts';
import { toldPlatforms } from '../../src/recalls/store.ts';
import { findSanction } from '../../src/sanctions/store.ts';
import { recordOf } from '../../src/sanctions/views.ts';
import { newElement } from '../checks-fixture.ts';
import { submit } from '../sanctions-harness.ts';
import type { Outcome } from './acts.ts';
import type { Platform } from './model.ts';
import { sealedFor, sealingKidOf } from './sealed-for.ts';

const day = 86_400;

/** The calls of one script against a real registry: nothing here knows what is allowed. */
export class RegistryRun {
  readonly registry: TestRegistry;
  readonly sanction: Id<'snc'>;
  readonly noticeDueAt: Date;
  readonly expiresAt: Date;
  readonly #token: string;
  readonly #key: string;
  #appeal: Id<'apl'> | undefined;
  #question: Id<'qst'> | undefined;
  #last: { op: OpName; compact: string; answer: TestAnswer } | undefined;

  private constructor(
    registry: TestRegistry,
    made: { sanction: string; token: string; key: string; noticeDueAt: Date; expiresAt: Date },
  ) {
    this.registry = registry;
    this.sanction = made.sanction as Id<'snc'>;
    this.noticeDueAt = made.noticeDueAt;
    this.expiresAt = made.expiresAt;
    this.#token = made.token;
    this.#key = made.key;
  }

  static async start(registry: TestRegistry, answersNow: boolean): Promise<RegistryRun> {
    const code = newSecret();
    const token = random32();
    const exp = toNumericDate(registry.now()) + (answersNow ? 100 : 60) * day;
    const spam = {
      reason: 'network.bulk-spam' as const,
      evidence: [{ class: 'volume-logs' as const, commitment: random32() }],
    };
    const { id } = await submit(registry, {
      statement: { exp, ...(answersNow ? {} : spam) },
      subjects: [{ token }],
      submission: { caseKey: caseKey(code) },
    });
    const key = newSecret();
    const claimed = await registry.caseCall('case.claim', { code, newKey: key });
    if (claimed.status !== 200) throw new Error(claimed.raw.body);
    const { noticeDueAt } = (await RegistryRun.#get(registry, id)).body.result;
    return new RegistryRun(registry, {
      sanction: id,
      token,
      key,
      noticeDueAt: new Date(noticeDueAt),
      expiresAt: new Date(exp * 1000),
    });
  }

  static #get(registry: TestRegistry, sanction: string): Promise<TestAnswer> {
    const { service } = registry.parties.harbour;
    return registry.call(service, 'sanctions.get', { sanction: sanction as Id<'snc'> });
  }

  get = (): Promise<TestAnswer> => RegistryRun.#get(this.registry, this.sanction);

  /** What the call answers, without the call: it is asked after every act. */
  async read() {
    const { db } = this.registry;
    const row = await findSanction(db, this.sanction);
    if (!row) throw new Error('no such sanction');
    const told = (await toldPlatforms(db, [this.sanction])).get(this.sanction) ?? [];
    return recordOf(row, { now: this.registry.now(), told: told.length });
  }

  settle = () => settleDue(this.registry.services);

  notify(): Promise<TestAnswer> {
    return this.#call(this.registry.parties.harbour.trust, 'sanctions.notify', {
      sanction: this.sanction,
      channel: 'email',
      language: 'en',
      sentAt: toNumericDate(this.registry.now()),
      subjects: [0],
    });
  }

  async withdraw(): Promise<TestAnswer> {
    const { trust } = this.registry.parties.harbour;
    return this.#call(trust, 'sanctions.withdraw', { withdrawal: await this.#withdrawal() });
  }

  #withdrawal(): Promise<string> {
    const { trust, id } = this.registry.parties.harbour;
    const claims: Withdrawal = {
      iss: id as Withdrawal['iss'],
      aud: testOrigin,
      sub: this.sanction,
      cause: 'error',
      iat: toNumericDate(this.registry.now()),
    };
    return signCompact(trust.signer, 'recourse-withdrawal+jwt', claims);
  }

  /** Whether the platform was told of the sanction, or the code of its refusal. */
  async tell(platform: Platform): Promise<boolean | string> {
    const { service } = this.registry.parties[platform];
    const evaluated = await this.registry.call(service, 'checks.evaluate', {
      purpose: 'signup',
      epochs: [1],
      blinded: [newElement()],
      provenAt: toNumericDate(this.registry.now()),
    });
    if (evaluated.status !== 200) return String(evaluated.body.type);
    const answer = await this.registry.call(service, 'checks.match', {
      check: evaluated.body.result.check,
      tokens: [{ epoch: 1, token: this.#token }],
    });
    const { matches } = answer.body.result as OpOutput<'checks.match'>;
    // Or the lives that come after it would find checks stopped, for what was owed since.
    const outcomes = matches.map(({ match }) => ({ match, outcome: 'admitted' as const }));
    if (matches.length > 0) await this.registry.call(service, 'checks.report', { outcomes });
    return matches.length === 1;
  }

  /** Read from the rows: a list has pages, and ids made within a millisecond have no order. */
  async recallsOf(
    platform: Platform,
  ): Promise<{ recall: Id<'rcl'>; kind: string; state: string; dueAt: Date }[]> {
    const rows = await this.registry.db
      .selectFrom('recalls')
      .selectAll()
      .where('sanction', '=', this.sanction)
      .where('party', '=', this.registry.parties[platform].id)
      .orderBy('version')
      .execute();
    return rows.map((row) => ({
      recall: row.id as Id<'rcl'>,
      kind: row.kind,
      dueAt: row.due_at,
      state: row.acknowledgement ? 'acknowledged' : row.superseded_by ? 'superseded' : 'open',
    }));
  }

  async acknowledge(platform: Platform, recall: Id<'rcl'>): Promise<TestAnswer> {
    const { service } = this.registry.parties[platform];
    return this.#call(service, 'recalls.acknowledge', {
      recall,
      action: 'never-acted',
      copies: 'deleted',
    });
  }

  async appeal(more: { news?: string; reopen?: true } = {}): Promise<TestAnswer> {
    const answer = await this.registry.caseCall('case.appeal', {
      key: this.#key,
      ground: 'procedure',
      words: 'This was decided without me.',
      language: 'en',
      ...more,
    });
    if (answer.status === 200) {
      this.#appeal = answer.body.result.data.appeal;
      this.#question = undefined;
    }
    return answer;
  }

  withdrawAppeal = (keep: boolean) =>
    this.registry.caseCall('case.withdrawAppeal', { key: this.#key, keep });

  answer = () =>
    this.registry.caseCall('case.addInformation', {
      key: this.#key,
      text: 'It was not like this.',
      question: this.#question ?? (`qst_${'0'.repeat(26)}` as const),
    });

  /** Assigned, then taken with a fresh key. */
  async take(reviewer: number): Promise<TestAnswer> {
    const key = this.#reviewer(reviewer);
    const assigned = await this.registry.call(key, 'review.claim', {});
    if (assigned.status !== 200) return assigned;
    const { x, y } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
      format: 'jwk',
    });
    const jwk = { kty: 'EC' as const, crv: 'P-256' as const, x: x!, y: y! };
    const claim = await signCompact(key.signer, 'recourse-claim+jwt', {
      iss: 'panel',
      aud: testOrigin,
      appeal: assigned.body.result.appeal,
      key: jwk,
      iat: toNumericDate(this.registry.now()),
    });
    return this.#call(key, 'review.claim', { claim });
  }

  recuse = (reviewer: number) =>
    this.#onAppeal(this.#reviewer(reviewer), 'review.recuse', { why: 'workload' });
  confirm = (reviewer: number) => this.#onAppeal(this.#reviewer(reviewer), 'evidence.confirm', {});

  reject = (reviewer: number) =>
    this.#onAppeal(this.#reviewer(reviewer), 'evidence.reject', { item: 0, why: 'illegal-media' });
  dispute = (reviewer: number) =>
    this.#onAppeal(this.#reviewer(reviewer), 'evidence.dispute', {
      item: 0,
      contentKey: random32(),
    });
  recheck = (reviewer: number) => this.#call(this.#reviewer(reviewer), 'evidence.recheck', {});
  settleDispute = (reviewer: number, says: DisputeAnswer) =>
    this.#onAppeal(this.#reviewer(reviewer), 'evidence.settle', { item: 0, says });

  async gist(reviewer: number): Promise<TestAnswer> {
    const input = { kind: 'gist' as const, text: 'It shows a copied page.' };
    const answer = await this.#onAppeal(this.#reviewer(reviewer), 'review.ask', input);
    if (answer.status === 200) this.#question = answer.body.result.question;
    return answer;
  }

  relieve(reviewer: number, until: Date): Promise<TestAnswer> {
    const input = { until: toTimestamp(until) };
    return this.#onAppeal(this.#reviewer(reviewer), 'review.relieve', input);
  }

  async deliver(): Promise<TestAnswer> {
    const { service } = this.registry.parties.harbour;
    const appeal = this.#appeal ?? (`apl_${'0'.repeat(26)}` as const);
    const asked = await this.registry.call(service, 'appeals.get', { appeal });
    const claims = (asked.body.result?.claims ?? []) as string[];
    const jwe = sealedFor(claims.map(sealingKidOf));
    return this.#onAppeal(service, 'evidence.deliver', { item: 0, jwe });
  }

  async decide(
    reviewer: number,
    { outcome, expires }: { outcome: Outcome; expires: Date },
  ): Promise<TestAnswer> {
    const { signer } = this.#reviewer(reviewer);
    const reasons = { text: 'For these reasons.', salt: random32() };
    const isWrong = outcome === 'reversed' || outcome === 'finding';
    const decision = await signCompact(signer, 'recourse-decision+jwt', {
      iss: 'panel',
      aud: testOrigin,
      sub: this.sanction,
      appeal: this.#appeal ?? `apl_${'0'.repeat(26)}`,
      outcome,
      ...(isWrong ? { cause: 'error' } : {}),
      ...(outcome === 'amended' ? { exp: toNumericDate(expires) } : {}),
      reasons: reasonsCommitment(reasons),
      iat: toNumericDate(this.registry.now()),
    });
    return this.#call(this.#reviewer(reviewer), 'review.decide', { decision, reasons });
  }

  async concede(): Promise<TestAnswer> {
    const { trust } = this.registry.parties.harbour;
    return this.#onAppeal(trust, 'appeals.respond', { concede: await this.#withdrawal() });
  }

  /** The bytes of the last act once more, and what they were answered the first time. */
  async repeat(): Promise<{ first: TestAnswer; again: TestAnswer } | undefined> {
    const last = this.#last;
    if (!last) return undefined;
    return { first: last.answer, again: await this.registry.send(last.op, last.compact) };
  }

  #reviewer(index: number): TestKey {
    return this.registry.parties.panel[index] ?? this.registry.parties.panel[0];
  }

  #onAppeal<N extends OpName>(
    key: TestKey,
    op: N,
    input: Omit<OpInput<N>, 'appeal'>,
  ): Promise<TestAnswer> {
    const appeal = this.#appeal ?? (`apl_${'0'.repeat(26)}` as const);
    return this.#call(key, op, { appeal, ...input } as unknown as OpInput<N>);
  }

  async #call<N extends OpName>(key: TestKey, op: N, input: OpInput<N>): Promise<TestAnswer> {
    const compact = await this.registry.sign(key, { op, in: input });
    const answer = await this.registry.send(op, compact);
    this.#last = { op, compact, answer };
    return answer;
  }
}
