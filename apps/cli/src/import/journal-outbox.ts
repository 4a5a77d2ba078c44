import type { Outbox, SubmissionIntent } from '@recourse/sdk';
import type { CaseCodeFile } from './case-code-file.ts';
import type { Journal } from './journal.ts';

export interface Expected {
  readonly externalId: string;
  readonly caseLink: string;
  readonly hash: string;
  readonly idem: string;
  readonly attempt: number;
}

/**
 * Puts what the SDK is about to send on disk first. The case code is written before the journal names the statement: a
 * statement that is sent again after a crash always has its code in the file.
 */
export class JournalOutbox implements Outbox {
  readonly #journal: Journal;
  readonly #caseCodes: CaseCodeFile;
  readonly #expected = new Map<string, Expected>();

  constructor(journal: Journal, caseCodes: CaseCodeFile) {
    this.#journal = journal;
    this.#caseCodes = caseCodes;
  }

  /** Which record of the file a prepared sanction is. */
  expect(sanction: string, record: Expected): void {
    this.#expected.set(sanction, record);
  }

  forget(sanction: string): void {
    this.#expected.delete(sanction);
  }

  async save(intent: SubmissionIntent): Promise<void> {
    const expected = this.#expected.get(intent.sanction);
    if (!expected) throw new TypeError('a submission of no record');
    const { externalId, caseLink, ...names } = expected;
    const { caseCode, ...kept } = intent;
    const known = this.#journal.get(externalId);
    if (known?.sanction !== intent.sanction) {
      const { sanction } = intent;
      await this.#caseCodes.add({ externalId, sanction, caseCode, caseLink });
      await this.#journal.prepared(externalId, { ...names, intent: kept });
    }
    const isDrafting = this.#journal.get(externalId)?.state === 'drafting';
    if (intent.op === 'sanctions.draft' && !isDrafting) {
      await this.#journal.step(externalId, 'drafting');
    }
  }

  async done(): Promise<void> {
    // The import notes what the registry answered.
  }
}
