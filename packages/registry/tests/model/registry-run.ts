import {
  reasonsCommitment,
  signCompact,
  toNumericDate,
  toTimestamp,
  type DisputeAnswer,
  type DerivedConfirmation,
  type Id,
  type OpInput,
  type OpName,
} from '@recourse/protocol';
import { generateKeyPairSync } from 'node:crypto';
import { random32, testOrigin, type TestAnswer, type TestKey } from '@recourse/testkit';
import { deliverNotices } from '../../src/cases/notices/deliver-notices.ts';
import { build } from '../sanctions-harness.ts';
import { done, LifeCalls, makeRecord, type Stage } from './life-calls.ts';
import { sealedFor, sealingKidOf } from './sealed-for.ts';
import type { Ground, Outcome, Platform } from './state.ts';

const day = 86_400;
const noAppeal = `apl_${'0'.repeat(26)}` as const;

/**
 * The calls of one script against a real registry: those of the creator and of reviewers, and those about a derived
 * record.
 */
export class RegistryRun extends LifeCalls {
  derived: Id<'snc'> | undefined;
  #appeal: Id<'apl'> | undefined;
  #gist: Id<'qst'> | undefined;
  #toldAt = new Date(0);

  static async start(stage: Stage): Promise<RegistryRun> {
    return new RegistryRun(stage, await makeRecord(stage));
  }

  override async tell(platform: Platform): Promise<number | string> {
    if (platform === 'tubely' && !this.matchOf(platform)) this.#toldAt = this.registry.now();
    const answer = await super.tell(platform);
    await this.countTold(this.sanction, ...(this.derived ? [this.derived] : []));
    return answer;
  }

  async appeal(
    options: { ground?: Ground; news?: string; reopen?: true } = {},
  ): Promise<TestAnswer> {
    return this.#opened(
      await this.wire.sendCase('case.appeal', {
        key: this.key,
        ground: 'procedure',
        words: 'This was decided without me.',
        language: 'en',
        ...options,
      }),
    );
  }

  async askErasure(): Promise<TestAnswer> {
    const input = { key: this.key, words: 'It was never me.' };
    return this.#opened(await this.wire.sendCase('case.requestErasure', input));
  }

  #opened(answer: TestAnswer): TestAnswer {
    const appeal = answer.status === 200 ? answer.body.result.data.appeal : undefined;
    if (appeal !== undefined && appeal !== this.#appeal) {
      this.#appeal = appeal;
      this.#gist = undefined;
    }
    return answer;
  }

  openCase = () => this.wire.sendCase('case.open', { code: this.key });

  withdrawAppeal = (keep: boolean) =>
    this.wire.sendCase('case.withdrawAppeal', { key: this.key, keep });

  join = () =>
    this.wire.sendCase('case.join', {
      key: this.otherKey,
      ground: 'disproportionate',
      words: 'And it is more than it was.',
    });

  withdrawJoined = () =>
    this.wire.sendCase('case.withdrawAppeal', { key: this.otherKey, keep: false });

  answer = () =>
    this.wire.sendCase('case.addInformation', {
      key: this.key,
      text: 'It was not like this.',
      question: this.#gist ?? (`qst_${'0'.repeat(26)}` as const),
    });

  /** Assigned, then taken with a fresh key. */
  async take(reviewer: number): Promise<TestAnswer> {
    const key = this.#reviewer(reviewer);
    await this.#assignInspector();
    const assigned = await this.wire.call(key, 'review.claim', {});
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
    return this.call(key, 'review.claim', { claim });
  }

  /** What a leaver's records are inspected for is another reviewer's, who never comes to it. */
  async #assignInspector(): Promise<void> {
    const [{ holder, kid }] = this.registry.parties.reserve;
    // It ends by its day 44: this one has not begun yet.
    const at = new Date(this.registry.now().getTime() + 956 * 86_400_000);
    const open = await this.registry.ownerDb
      .selectFrom('inspections')
      .select(['id', 'sanction'])
      .where('closed_at', 'is', null)
      .where('id', 'not in', (eb) => eb.selectFrom('assignments').select('review'))
      .execute();
    for (const { id, sanction } of open) {
      await this.registry.ownerDb
        .insertInto('assignments')
        .values({
          review: id,
          sanction,
          holder,
          kid,
          at,
          statement: null,
          sealing_kid: null,
          keyed_at: null,
          expires_at: new Date(at.getTime() + 44 * 86_400_000),
          released_at: null,
          released_as: null,
          batch: id,
        })
        .execute();
    }
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
  recheck = (reviewer: number) => this.call(this.#reviewer(reviewer), 'evidence.recheck', {});
  settleDispute = (reviewer: number, answer: DisputeAnswer) =>
    this.#onAppeal(this.#reviewer(reviewer), 'evidence.settle', { item: 0, says: answer });

  async gist(reviewer: number): Promise<TestAnswer> {
    const input = { kind: 'gist' as const, text: 'It shows a copied page.' };
    const answer = await this.#onAppeal(this.#reviewer(reviewer), 'review.ask', input);
    if (answer.status === 200) this.#gist = answer.body.result.question;
    return answer;
  }

  relieve(reviewer: number, until: Date | null): Promise<TestAnswer> {
    const input = { until: until && toTimestamp(until) };
    return this.#onAppeal(this.#reviewer(reviewer), 'review.relieve', input);
  }

  async deliver(): Promise<TestAnswer> {
    const { service } = this.submitter;
    const appeal = this.#appeal ?? noAppeal;
    const asked = await this.wire.call(service, 'appeals.get', { appeal });
    const claims = (asked.body.result?.claims ?? []) as string[];
    const jwe = sealedFor(claims.map(sealingKidOf));
    return this.#onAppeal(service, 'evidence.deliver', { item: 0, jwe });
  }

  async decide(
    reviewer: number,
    ruling: { outcome: Outcome; expires: Date; cause: 'error' | 'expression' },
  ): Promise<TestAnswer> {
    const { outcome, expires, cause } = ruling;
    const { signer } = this.#reviewer(reviewer);
    const reasons = { text: 'For these reasons.', salt: random32() };
    const isWrong = outcome === 'reversed' || outcome === 'finding';
    const decision = await signCompact(signer, 'recourse-decision+jwt', {
      iss: 'panel',
      aud: testOrigin,
      sub: this.sanction,
      appeal: this.#appeal ?? noAppeal,
      outcome,
      ...(isWrong ? { cause } : {}),
      ...(outcome === 'amended' ? { exp: toNumericDate(expires) } : {}),
      reasons: reasonsCommitment(reasons),
      iat: toNumericDate(this.registry.now()),
    });
    return this.call(this.#reviewer(reviewer), 'review.decide', { decision, reasons });
  }

  async concede(): Promise<TestAnswer> {
    return this.#onAppeal(this.submitter.trust, 'appeals.respond', {
      concede: await this.withdrawal(),
    });
  }

  /** Tubely records what it was told of, with notice at once: it answers. */
  async recordDerived(): Promise<{ answer: TestAnswer; expires: Date }> {
    const { registry } = this;
    const { tubely } = registry.parties;
    const exp = toNumericDate(registry.now()) + 100 * day;
    const input = await build(registry, {
      signedBy: tubely.trust,
      statement: { exp },
      subjects: [{ kind: 'email', control: 'otp', token: this.token }],
    });
    const answer = await this.call(tubely.service, 'sanctions.submit', input);
    const expires = new Date(exp * 1000);
    if (answer.status !== 200) return { answer, expires };
    const sanction = answer.body.result.sanction as Id<'snc'>;
    this.derived = sanction;
    const notice = { sanction, language: 'en', addresses: [this.address] };
    done(await this.wire.call(tubely.trust, 'sanctions.notify', notice));
    await deliverNotices(registry.services);
    return { answer, expires };
  }

  async confirmDerived(): Promise<TestAnswer> {
    const { trust, id } = this.registry.parties.tubely;
    const now = toNumericDate(this.registry.now());
    const isLater = now * 1000 > this.#toldAt.getTime();
    const confirmation = await signCompact(trust.signer, 'recourse-echo+jwt', {
      iss: id as DerivedConfirmation['iss'],
      aud: testOrigin,
      sub: this.derived!,
      evidence: [
        {
          class: 'captured-artefact',
          commitment: random32(),
          collected_at: isLater ? now : now - day,
          basis: isLater ? 'later' : 'independent',
        },
      ],
      iat: now,
    } satisfies DerivedConfirmation);
    return this.call(trust, 'sanctions.confirmEcho', { confirmations: [confirmation] });
  }

  async withdrawDerived(): Promise<TestAnswer> {
    const { tubely } = this.registry.parties;
    const withdrawal = await this.withdrawal(tubely, this.derived!);
    return this.call(tubely.trust, 'sanctions.withdraw', { withdrawal });
  }

  #reviewer(index: number): TestKey {
    return this.registry.parties.panel[index] ?? this.registry.parties.panel[0];
  }

  #onAppeal<N extends OpName>(
    key: TestKey,
    op: N,
    input: Omit<OpInput<N>, 'appeal'>,
  ): Promise<TestAnswer> {
    const appeal = this.#appeal ?? noAppeal;
    return this.call(key, op, { appeal, ...input } as unknown as OpInput<N>);
  }
}
