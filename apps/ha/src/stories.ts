import { setTimeout as delay } from 'node:timers/promises';
import type { Id } from '@recourse/protocol';
import { isRecourseError, type Recourse } from '@recourse/sdk';
import type { CaseClient } from '@recourse/sdk/case';
import { callPeople, enter, file, type Filing, type People } from './people.ts';
import { Recorder } from './recorder.ts';
import type { Registry } from './registry.ts';
import type { SentCall } from './traffic.ts';

/** An act that the registry has answered that it did, once each: the judge looks for its row. */
export interface Act {
  readonly kind: 'appealed' | 'decided' | 'withdrawn' | 'given up' | 'acknowledged';
  /** The record, or the recall */
  readonly about: string;
}

interface OpenAppeal {
  readonly filing: Filing;
  readonly creator: CaseClient;
  readonly key: string;
  readonly outcome: 'reversed' | 'upheld';
}

const plots = ['reversed', 'withdrawn', 'upheld', 'given up'] as const;

/** Records from their submission to their recall, again and again, by everybody who has a part in it. */
export class Stories {
  readonly acts: Act[] = [];
  /** Codes of trouble that nobody should be told */
  readonly troubles: string[] = [];
  readonly #recorder: Recorder;
  readonly #people: People;
  readonly #appeals = new Map<string, OpenAppeal>();
  #isOver = false;
  #told = 0;
  readonly #telling: Promise<void>;

  private constructor(people: People, recorder: Recorder) {
    this.#people = people;
    this.#recorder = recorder;
    const { reviewers, marketo } = people;
    this.#telling = this.#all([
      this.#again(() => this.#tell(), 1_000),
      this.#again(() => this.#tell(), 1_500),
      ...reviewers.map((reviewer) => this.#again(() => this.#review(reviewer), 700)),
      this.#again(() => this.#undo(marketo), 1_200),
    ]);
  }

  /** @param now milliseconds since the traffic began */
  static async start(registry: Registry, now: () => number): Promise<Stories> {
    const recorder = new Recorder(now);
    return new Stories(await callPeople(registry, recorder), recorder);
  }

  /** Resolves once every call is answered. */
  async stop(): Promise<readonly SentCall[]> {
    this.#isOver = true;
    await this.#telling;
    return this.#recorder.calls;
  }

  async #all(loops: readonly Promise<void>[]): Promise<void> {
    await Promise.all(loops);
  }

  async #again(act: () => Promise<void>, pauseMs: number): Promise<void> {
    while (!this.#isOver) {
      await act().catch((error: unknown) => this.troubles.push(codeOf(error)));
      await delay(pauseMs);
    }
  }

  async #tell(): Promise<void> {
    const plot = plots[this.#told++ % plots.length] ?? 'reversed';
    const filing = await file(this.#people);
    const { sanction } = filing;
    if (plot === 'reversed' || plot === 'withdrawn') await this.#disclose(filing);
    if (plot === 'withdrawn') {
      await this.#people.harbour.sanctions.withdraw({ sanction, cause: 'error' });
      this.acts.push({ kind: 'withdrawn', about: sanction });
      return;
    }
    const creator = await this.#people.creator();
    const key = await enter(creator, filing);
    const words = 'Made up for a fault: it was somebody else.';
    const by = { key, ground: 'facts-wrong', words, language: 'en' } as const;
    const { appeal } = await creator.appeal(by);
    this.acts.push({ kind: 'appealed', about: sanction });
    if (plot !== 'given up') {
      this.#appeals.set(appeal, { filing, creator, key, outcome: plot });
      return;
    }
    await creator.withdrawAppeal({ key });
    this.acts.push({ kind: 'given up', about: sanction });
  }

  /** Marketo is told of the record, and so of its end. */
  async #disclose({ email, sanction }: Filing): Promise<void> {
    for (let tries = 0; tries < 20; tries++) {
      const about = { purpose: 'signup', provenAt: new Date() } as const;
      const answer = await this.#people.marketo.check({ email }, about);
      const matches = answer.advice === 'unavailable' ? [] : answer.matches;
      if (matches.some((match) => match.sanction === sanction)) return;
      await delay(250);
    }
    throw new Error('nobody is told of the record');
  }

  async #review(reviewer: Recourse): Promise<void> {
    if (this.#appeals.size === 0) return;
    const taken = await reviewer.review.take().catch(nothingWaits);
    const appeal = !taken || 'inspection' in taken ? undefined : taken.appeal;
    const open = appeal && this.#appeals.get(appeal);
    // One of the samples
    if (!appeal || !open) return;
    this.#appeals.delete(appeal);
    const { filing, outcome } = open;
    const decision = { appeal, sanction: filing.sanction, reasons: 'Made up reasons.' } as const;
    if (outcome === 'upheld') {
      await this.#hear(reviewer, appeal, open);
      await reviewer.review.decide({ ...decision, outcome });
    } else await reviewer.review.decide({ ...decision, outcome, cause: 'error' });
    this.acts.push({ kind: 'decided', about: filing.sanction });
  }

  /** Without evidence that the creator could answer nothing is upheld. */
  async #hear(
    reviewer: Recourse,
    appeal: Id<'apl'>,
    { filing, creator, key }: OpenAppeal,
  ): Promise<void> {
    await this.#people.harbour.evidence.deliver({ appeal, evidence: [...filing.evidence] });
    await reviewer.evidence.open(appeal);
    await reviewer.evidence.confirm({ appeal });
    const { question } = await reviewer.review.ask({ appeal, kind: 'gist', text: 'Made up gist.' });
    await creator.addInformation({ key, text: 'Made up answer.', question });
  }

  async #undo({ recalls }: Recourse): Promise<void> {
    for await (const { recall, kind } of recalls.open()) {
      if (kind !== 'undo') continue;
      await recalls.acknowledge({ recall, action: 'undone', copies: 'deleted' });
      this.acts.push({ kind: 'acknowledged', about: recall });
    }
  }
}

/** The other reviewer has taken the last one. */
function nothingWaits(error: unknown): undefined {
  if (!isRecourseError(error, 'not-found')) throw error;
}

function codeOf(error: unknown): string {
  if (!isRecourseError(error)) return error instanceof Error ? error.message : String(error);
  const [issue] = error.issues;
  return issue ? `${error.code} ${issue.path} ${issue.code}` : error.code;
}
