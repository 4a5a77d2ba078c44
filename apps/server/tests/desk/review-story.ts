import { randomBytes } from 'node:crypto';
import { toBase64url, type Id } from '@recourse/protocol';
import type { Recourse, SubmittedSanction } from '@recourse/sdk';
import { newCaseKey, type CaseClient } from '@recourse/sdk/case';
import { creatorsOf, platformOf } from './members.ts';
import type { Desks } from './open-desk.ts';

/** Stands in the evidence in clear, and so in no request of the reviewer's browser. */
export const marker = 'the-evidence-in-clear-91c4';

/** What a creator and a platform may write; the desk shows it as text. */
export const hostile =
  '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script> It was not me.';
const page = `<!doctype html><script>window.pwned=1</script><p>${marker}</p>`;
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const program = Buffer.concat([Buffer.from('MZ'), Buffer.from([0, 1, 2, 3]), randomBytes(600)]);

const daysAgo = (days: number): Date => new Date(Date.now() - days * 86_400_000);

/** Harbour, which records and delivers, and creators who appeal. */
export class ReviewStory {
  readonly #harbour: Recourse;
  readonly #cases: CaseClient;

  private constructor(harbour: Recourse, cases: CaseClient) {
    this.#harbour = harbour;
    this.#cases = cases;
  }

  static async begin({ server }: Pick<Desks, 'server'>): Promise<ReviewStory> {
    return new ReviewStory(await platformOf(server, 'Harbour'), creatorsOf(server));
  }

  /** A record on a new address, and an appeal against it. */
  async appeal(): Promise<Appealed> {
    const email = `creator.${toBase64url(randomBytes(6))}@mail.example`;
    const submitted = await this.#harbour.sanctions.submit({
      creator: { email: { value: email, control: 'otp', provenAt: daysAgo(20) } },
      reason: 'fraud.phishing',
      action: 'account-terminated',
      incident: { from: daysAgo(30), to: daysAgo(10) },
      decidedAt: daysAgo(1),
      decidedBy: 'human',
      evidence: [Buffer.from(page), picture, program].map((source) => ({
        class: 'captured-artefact' as const,
        source,
      })),
      account: hostile,
      policy: 0,
      origin: 'own-detection',
      attest: ['no-authority', 'no-takeover'],
      age: 'adult',
    });
    const { sanction, caseCode: code } = submitted;
    await this.#harbour.sanctions.tell({ sanction, language: 'en', creator: { email } });
    const key = newCaseKey();
    await this.#cases.claim({ code, newKey: key });
    const words = { key, ground: 'facts-wrong' as const, words: hostile, language: 'en' };
    const { appeal } = (await this.#cases.call('appeal', words)).result as { appeal: Id<'apl'> };
    return new Appealed({ harbour: this.#harbour, cases: this.#cases, key, appeal, submitted });
  }
}

interface AppealedParts {
  readonly harbour: Recourse;
  readonly cases: CaseClient;
  readonly key: string;
  readonly appeal: Id<'apl'>;
  readonly submitted: SubmittedSanction;
}

/** One appeal, and what its platform and its creator do. */
export class Appealed {
  readonly #parts: AppealedParts;

  constructor(parts: AppealedParts) {
    this.#parts = parts;
  }

  get appeal(): Id<'apl'> {
    return this.#parts.appeal;
  }

  async deliver(): Promise<void> {
    const { harbour, appeal, submitted } = this.#parts;
    const sources = [Buffer.from(page), picture, program];
    const evidence = submitted.evidence.map((opening, index) => ({
      source: sources[index] ?? picture,
      opening,
    }));
    const { missing } = await harbour.evidence.deliver({ appeal, evidence });
    if (missing.length > 0) throw new Error(`still owed: ${missing.join()}`);
  }

  /** Answers the first thing that the reviewer asked. */
  async answer(text: string): Promise<void> {
    const { harbour, cases, key, appeal } = this.#parts;
    const { result } = await harbour.call('appeals.get', { appeal }, { as: 'trust' });
    const question = 'questions' in result ? result.questions[0]?.question : undefined;
    await cases.call('addInformation', { key, text, ...(question && { question }) });
  }

  /** How the appeal stands for its platform. */
  async state(): Promise<string> {
    const { harbour, appeal } = this.#parts;
    const { result } = await harbour.call('appeals.get', { appeal });
    const outcome = 'outcome' in result ? result.outcome : undefined;
    return outcome ?? result.state;
  }
}
