import type {
  DraftedSanction,
  Outbox,
  Recourse,
  SubmissionIntent,
  SubmittedSanction,
} from '@recourse/sdk';
import { createHmac } from 'node:crypto';
import { classify, isTaken } from './classify.ts';
import type { CaseCodeFile } from './files.ts';
import type { Journal, JournalRecord } from './journal.ts';
import type { ImportRecord } from './record.ts';
import type { Notice } from './sanction.ts';

/** Tools for sending; `bucketEmpty` is learned from the first refusal and holds for the run. */
export interface ImportSession {
  readonly recourse: Recourse;
  readonly journal: Journal;
  readonly outbox: JournalOutbox;
  readonly names: RecordNames;
  bucketEmpty: boolean;
}

type Submission = 'submitted' | 'drafted';

/** Signs a record anew and sends it. @throws what the SDK throws; a refusal had no effect */
export async function sendNew(sending: ImportSession, record: ImportRecord): Promise<Submission> {
  const { recourse, journal, names, outbox } = sending;
  const { externalId, content, input } = record;
  const hash = names.hash(content);
  const attempt = (journal.get(externalId)?.attempt ?? 0) + 1;
  const idem = names.idem({ party: recourse.party, externalId, hash, attempt });
  const prepared = await recourse.sanctions.prepare(input);
  outbox.expect(prepared.sanction, {
    externalId,
    caseLink: prepared.caseLink,
    hash,
    idem,
    attempt,
  });
  return deliver(sending, externalId, {
    submit: () => prepared.submit({ idem }),
    draft: () => prepared.draft({ idem }),
  });
}

/** Sends the statement that an earlier run signed: it has one effect however often it is sent. */
export async function sendAgain(
  sending: ImportSession,
  externalId: string,
  journalled: JournalRecord,
): Promise<Submission> {
  const { recourse, outbox } = sending;
  const { intent, idem, hash, attempt } = journalled;
  if (!intent) throw new TypeError('an answered record is not sent again');
  outbox.expect(intent.sanction, { externalId, caseLink: '', hash, idem, attempt });
  // The case code is in its file; the registry is sent its hash only.
  const whole = { ...intent, caseCode: '' };
  const submit = () => recourse.sanctions.resume({ ...whole, op: 'sanctions.submit' }, { idem });
  const draft = () => recourse.sanctions.resume({ ...whole, op: 'sanctions.draft' }, { idem });
  return deliver(
    sending,
    externalId,
    journalled.state === 'drafting' ? { submit: draft, draft } : { submit, draft },
  );
}

interface Ways {
  readonly submit: () => Promise<SubmittedSanction | DraftedSanction>;
  readonly draft: () => Promise<SubmittedSanction | DraftedSanction>;
}

/** Submits; where one holder may not do so alone any more, lays a draft down for a second. */
async function deliver(
  sending: ImportSession,
  externalId: string,
  ways: Ways,
): Promise<Submission> {
  const { journal, outbox, recourse } = sending;
  const answered = async ({ state }: { state: string }): Promise<Submission> => {
    const sent = state === 'draft' ? 'drafted' : 'submitted';
    await journal.step(externalId, sent);
    return sent;
  };
  try {
    return await answered(await firstTaken(sending, ways));
  } catch (error) {
    const known = journal.get(externalId);
    if (!known) throw error;
    if (isTaken(error)) {
      return await answered(await recourse.sanctions.get({ sanction: known.sanction }));
    }
    if (classify(error) === 'of-the-record') await journal.step(externalId, 'refused');
    throw error;
  } finally {
    const known = journal.get(externalId);
    if (known) outbox.forget(known.sanction);
  }
}

async function firstTaken(sending: ImportSession, ways: Ways): Promise<{ state: string }> {
  if (sending.bucketEmpty) return ways.draft();
  try {
    return await ways.submit();
  } catch (error) {
    if (classify(error) !== 'bucket-empty') throw error;
    sending.bucketEmpty = true;
    return ways.draft();
  }
}

/** Has the creator told: by the registry wherever the record has an address. @returns whether somebody is */
export async function sendNotice(
  sending: ImportSession,
  externalId: string,
  notice: Notice,
): Promise<boolean> {
  const { recourse, journal } = sending;
  const known = journal.get(externalId);
  if (!known) throw new TypeError('a notice of no record');
  const { sanction, idem } = known;
  const order = { sanction, ...notice };
  const { by } = await recourse.sanctions.tell(order, { idem: `${idem}:notice` });
  if (by === 'nobody') return false;
  await journal.step(externalId, 'notified');
  return true;
}

interface ExpectedRecord {
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
  readonly #expected = new Map<string, ExpectedRecord>();

  constructor(journal: Journal, caseCodes: CaseCodeFile) {
    this.#journal = journal;
    this.#caseCodes = caseCodes;
  }

  /** Which record of the file a prepared sanction is. */
  expect(sanction: string, record: ExpectedRecord): void {
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

/** Names of a record, in the journal and towards the registry. */
export interface RecordNames {
  /** Changes with the content of the row */
  hash(content: string): string;
  /** Idempotency key: the same for the same party, id and content in one journal */
  idem(attempt: { party: string; externalId: string; hash: string; attempt: number }): string;
}

/**
 * Keyed with the secret of the journal: the registry sees the idempotency key, and a plain hash would let it test
 * guesses of the identifiers in the row.
 */
export function recordNames(secret: string): RecordNames {
  const key = Buffer.from(secret, 'base64url');
  const mac = (parts: readonly unknown[]): string =>
    createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url');
  return {
    hash: (content) => mac(['content', content]),
    idem: ({ party, externalId, hash, attempt }) => mac(['idem', party, externalId, hash, attempt]),
  };
}
