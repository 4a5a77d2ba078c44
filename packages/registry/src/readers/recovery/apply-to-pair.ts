import type { Entry } from '@recourse/protocol';
import { acknowledgeRecall } from '../../told/recalls/acknowledgement-store.ts';
import { lockSanction } from '../../records/store.ts';
import { instantOf, type ApplyContext } from './applying.ts';
import { insertDisclosure, markRecallOverdue, openRecallOf } from './told-store.ts';

type PairEntry = Extract<Entry, { pair: string }>;

/**
 * Applies what one platform was told, and did. It is told again, so that a later end reaches it; and a recall that it
 * acknowledged is closed, or it would acknowledge twice.
 */
export async function applyToPair(applying: ApplyContext, entry: PairEntry): Promise<void> {
  const { db, cases, counts } = applying;
  const pair = cases.pairs.get(entry.pair);
  const record = pair && (await lockSanction(db, pair.sanction));
  if (!pair || !record) return;
  const at = instantOf(entry);
  if (entry.type === 'sanction-disclosed') {
    await insertDisclosure(db, { ...pair, version: record.version, at });
    counts.told++;
    return;
  }
  // What was asked is a hash in the log: it may be asked again.
  if (entry.type === 'question-asked' || entry.type === 'question-answered') return;
  const recall = await openRecallOf(db, pair);
  if (recall === undefined) return;
  if (entry.type === 'recall-overdue') return markRecallOverdue(db, recall, at);
  if (entry.type !== 'recall-acknowledged' || entry.ack === undefined) return;
  const { party, sanction } = pair;
  await acknowledgeRecall(db, { ...unknownCall, recall, sanction, party, ack: entry.ack, at });
  counts.acknowledged++;
}

/** The log has the hash of the call, and the platform the call. */
const unknownCall = {
  kid: null,
  jti: null,
  action: null,
  copies: null,
  reviewed_at: null,
  notice_sent_at: null,
};
