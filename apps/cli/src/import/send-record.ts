import type { DraftedSanction, Recourse, SubmittedSanction } from '@recourse/sdk';
import { classify, isTaken } from './classify.ts';
import type { Journal, Journalled } from './journal.ts';
import type { JournalOutbox } from './journal-outbox.ts';
import type { Notice } from './notice.ts';
import type { ImportRecord } from './record.ts';
import type { RecordNames } from './record-names.ts';

/** What sending works with; `bucketEmpty` is learned from the first refusal and holds for the run. */
export interface Sending {
  readonly recourse: Recourse;
  readonly journal: Journal;
  readonly outbox: JournalOutbox;
  readonly names: RecordNames;
  bucketEmpty: boolean;
}

type Sent = 'submitted' | 'drafted';

/** Signs a record anew and sends it. @throws what the SDK throws; a refusal had no effect */
export async function sendNew(sending: Sending, record: ImportRecord): Promise<Sent> {
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
  sending: Sending,
  externalId: string,
  known: Journalled,
): Promise<Sent> {
  const { recourse, outbox } = sending;
  const { intent, idem, hash, attempt } = known;
  if (!intent) throw new TypeError('an answered record is not sent again');
  outbox.expect(intent.sanction, { externalId, caseLink: '', hash, idem, attempt });
  // The case code is in its file; the registry is sent its hash only.
  const whole = { ...intent, caseCode: '' };
  const submit = () => recourse.sanctions.resume({ ...whole, op: 'sanctions.submit' }, { idem });
  const draft = () => recourse.sanctions.resume({ ...whole, op: 'sanctions.draft' }, { idem });
  return deliver(
    sending,
    externalId,
    known.state === 'drafting' ? { submit: draft, draft } : { submit, draft },
  );
}

interface Ways {
  readonly submit: () => Promise<SubmittedSanction | DraftedSanction>;
  readonly draft: () => Promise<SubmittedSanction | DraftedSanction>;
}

/** Submits; where one holder may not do so alone any more, lays a draft down for a second. */
async function deliver(sending: Sending, externalId: string, ways: Ways): Promise<Sent> {
  const { journal, outbox, recourse } = sending;
  try {
    const { state } = await firstTaken(sending, ways);
    const sent = state === 'draft' ? 'drafted' : 'submitted';
    await journal.step(externalId, sent);
    return sent;
  } catch (error) {
    const known = journal.get(externalId);
    if (!known) throw error;
    if (isTaken(error)) {
      const { state } = await recourse.sanctions.get({ sanction: known.sanction });
      const sent = state === 'draft' ? 'drafted' : 'submitted';
      await journal.step(externalId, sent);
      return sent;
    }
    if (classify(error) === 'of-the-record') await journal.step(externalId, 'refused');
    throw error;
  } finally {
    const known = journal.get(externalId);
    if (known) outbox.forget(known.sanction);
  }
}

async function firstTaken(sending: Sending, ways: Ways): Promise<{ state: string }> {
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
  sending: Sending,
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
