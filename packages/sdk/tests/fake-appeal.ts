import {
  EvidenceCommitment,
  Problem,
  publicPart,
  signCompact,
  toNumericDate,
  type EvidenceItem,
  type GeneralJwe,
  type Claim,
  type Signer,
} from '@recourse/protocol';
import { memorySealingKeys, type Recourse, type SealingKeys } from '../src/index.ts';
import { newSealingKey } from '../src/evidence/seal.ts';
import type { ConnectedClients } from './connected.ts';
import { appealA, now, origin, platformA, sanctionA } from './fake-registry.ts';
import { statementOf } from './records.ts';

export const appealRecordA = {
  appeal: appealA,
  sanction: sanctionA,
  ground: 'facts-wrong',
  state: 'open',
  openedAt: '2026-02-27T12:00:00Z',
  claimDueAt: '2026-03-04T12:00:00Z',
  decisionDueAt: '2026-03-29T12:00:00Z',
  undecidedAt: '2026-08-26T12:00:00Z',
  bound: false,
} as const;

export const saltOf = (letter: string): string => letter.repeat(42) + 'A';

/** An item of evidence with its opening, as the submitter kept them. */
export function kept(source: Uint8Array, salt = saltOf('x')) {
  const commitment = new EvidenceCommitment(salt).update(source).digest();
  return { source, opening: { class: 'payment-records', commitment, salt } as const };
}

/** An appeal against a sanction of platform A at the fake registry, which keeps what is delivered. */
export class FakeAppeal {
  readonly at: ConnectedClients;
  readonly claims: string[] = [];
  readonly delivered = new Map<number, GeneralJwe>();
  evidence: readonly EvidenceItem[] = [];
  /** What a dishonest registry shows in place of the commitments */
  shown: readonly EvidenceItem[] | undefined;
  chair!: Signer;

  constructor(at: ConnectedClients) {
    this.at = at;
  }

  static async open(
    at: ConnectedClients,
    items: readonly ReturnType<typeof kept>[],
  ): Promise<FakeAppeal> {
    const appeal = new FakeAppeal(at);
    appeal.chair = await at.registry.addParty('panel', 'reviewer');
    appeal.evidence = items.map(({ opening: { class: name, commitment } }) => ({
      class: name,
      commitment,
    }));
    const { handlers } = at.registry;
    handlers.set('appeals.get', () => ({
      result: {
        ...appealRecordA,
        claims: appeal.claims,
        evidence: appeal.#states(),
        unread: 0,
        joined: [],
        questions: [],
      },
    }));
    handlers.set('evidence.deliver', ({ payload }) => {
      const { item, jwe } = payload.in as { item: number; jwe: GeneralJwe };
      appeal.delivered.set(item, jwe);
      const all = [...appeal.evidence.keys()];
      const missing = all.filter((index) => !appeal.delivered.has(index));
      return { result: { appeal: appealA, received: appeal.delivered.size, missing, serves: 1 } };
    });
    handlers.set('evidence.open', ({ payload }) => {
      const { item } = payload.in as { item: number };
      const jwe = appeal.delivered.get(item);
      const state = appeal.#states()[item];
      if (!jwe || !state) throw new Problem('not-found');
      return { result: { item, class: state.class, commitment: state.commitment, jwe } };
    });
    handlers.set('review.get', async () => ({ result: await appeal.#case() }));
    return appeal;
  }

  /** A reviewer of the panel with a claim on the case, connected. */
  async reviewer(): Promise<{ recourse: Recourse; signer: Signer; keys: SealingKeys }> {
    const signer = await this.at.registry.addKey('panel', { by: this.chair, role: 'reviewer' });
    const keys = memorySealingKeys();
    const { d, ...key } = await newSealingKey();
    await keys.save(appealA, { ...key, d });
    this.claims.push(await this.claimBy(signer, { key }));
    const recourse = this.at.connectAgain({
      party: 'panel',
      signers: { reviewer: signer },
      sealingKeys: keys,
    });
    return { recourse, signer, keys };
  }

  async claimBy(
    signer: Signer,
    overrides: Partial<Record<keyof Claim, unknown>> = {},
  ): Promise<string> {
    const { d: _, ...key } = await newSealingKey();
    const iat = toNumericDate(now);
    return signCompact(signer, 'recourse-claim+jwt', {
      iss: 'panel',
      aud: origin,
      appeal: appealA,
      key: publicPart(key),
      iat,
      ...overrides,
    });
  }

  #states() {
    return (this.shown ?? this.evidence).map(({ class: name, commitment }, item) => ({
      item,
      class: name,
      commitment,
      delivered: this.delivered.has(item),
    }));
  }

  async #case() {
    const { trust } = this.at;
    const payload = statementOf({ iss: platformA, evidence: [...this.evidence] });
    return {
      ...appealRecordA,
      reason: 'fraud.scam',
      statement: await signCompact(trust, 'recourse-sanction+jwt', payload),
      account: 'Sold the same ticket to forty people.',
      words: 'It was not me.',
      language: 'en',
      reviewers: 1,
      onEnded: false,
      batch: [appealA],
      unread: 0,
      joined: [],
      claimants: [],
      subjects: [],
      evidenceLanguage: 'en',
      earlier: [],
      information: [],
      files: [],
      questions: [],
      evidence: this.#states(),
    };
  }
}
