import { deliveryChannels, detailDigest, rejectionCauses, type Json } from '@recourse/protocol';
import type { Db } from '../../kernel/database.ts';
import { deliveryName } from '../../review/confirm-delivery.ts';
import { oweAgain } from '../../review/evidence.ts';
import { heldDeliveries, reject } from '../../review/evidence-store.ts';
import { changeReview, findReview, ruleOf } from '../../review/store.ts';
import { keysOf } from '../../parties/key-store.ts';
import { noteBounce } from '../../cases/notices/bouncing.ts';
import { noteDelivered } from '../../cases/notices/noting.ts';
import { noticeName } from '../../cases/notices/settling.ts';
import { insertAsLogged } from '../../cases/notices/store.ts';
import { eraseSubjectAsLogged } from '../../retention/erasure-store.ts';
import { remember } from '../../submissions/remembering.ts';
import { appendEvent, subjectsOf } from '../../records/store.ts';
import { namedSalt } from '../../commit/changes.ts';
import type { RecordEntry } from './as-logged.ts';

/**
 * Finds what a digest says, where the salt has a name and little can have been said: the first of these that it opens
 * to. None where it is about something that came after the copy.
 */
async function opened<T extends { readonly name: string; readonly detail: Detail }>(
  { record, entry, services }: RecordEntry,
  candidates: readonly T[],
): Promise<T | undefined> {
  const caseKey = services.vault.keyOf(record);
  return candidates.find(
    ({ name, detail }) =>
      detailDigest(namedSalt(caseKey, { type: entry.type, name }), detail) === entry.digest,
  );
}

type Detail = Readonly<Record<string, Json>>;

/** Which identifier its claimant had erased. */
export async function eraseSubject(logged: RecordEntry): Promise<void> {
  const { db, record, at, services } = logged;
  const positions = [...new Set((await subjectsOf(db, record.id)).map(({ position }) => position))];
  const found = await opened(
    logged,
    positions.map((position) => ({ name: `${position}`, detail: { position } })),
  );
  if (!found) return;
  const { position } = found.detail;
  await remember({ db, now: at, vault: services.vault }, record, [position]);
  await eraseSubjectAsLogged(db, { sanction: record.id, position });
  const { id: sanction, version } = record;
  await appendEvent(db, { sanction, version, event: 'subject-erased', at });
}

/** Illegal media and third parties' data do not come back with the copy; a fit item is owed as it was. */
export async function rejectEvidence(logged: RecordEntry): Promise<void> {
  const { db, record, at } = logged;
  const held = await heldDeliveries(db, record.id);
  const found = await opened(
    logged,
    held.flatMap((place) =>
      rejectionCauses.map((why) => {
        const { review: appeal, ...of } = place;
        return { place, detail: { appeal, ...of, why }, name: deliveryName(place) };
      }),
    ),
  );
  if (!found) return;
  const { place } = found;
  const { why } = found.detail;
  await reject(db, { ...place, at, why });
  const { id: sanction, version } = record;
  if (ruleOf(place.review).inHistory) {
    await appendEvent(db, { sanction, version, event: 'evidence-rejected', cause: why, at });
  }
  const review = await findReview(db, place.review);
  if (!review || review.closed_at) return;
  await changeReview(db, review.id, { evidence_confirmed_at: null });
  await oweAgain({ ...logged, now: at }, { record, review });
}

/** Any two of the operator, in the order in which they said so. */
async function operatorPairs(db: Db): Promise<[string, string][]> {
  const holders = [...new Set((await keysOf(db, 'operator')).map(({ holder }) => holder))];
  return holders.flatMap((first) =>
    holders.flatMap((second): [string, string][] => (first === second ? [] : [[first, second]])),
  );
}

/** Which identifier it was, by which channel, and what came of it. The message is not sent again; its code is lost. */
export async function deliverNotice(logged: RecordEntry): Promise<void> {
  const { db, record, at } = logged;
  const { id: sanction, version } = record;
  const held = (await subjectsOf(db, sanction)).map(({ position }) => position);
  const results = ['taken', 'refused'] as const;
  const pairs = await operatorPairs(db);
  const found = await opened(
    logged,
    held.flatMap((position) =>
      deliveryChannels.flatMap((channel) =>
        [
          ...results.map((result) => ({ position, channel, result })),
          ...pairs.map((by) => ({ position, channel, result: 'bounced' as const, by })),
        ].map((detail) => ({ name: noticeName(detail), detail })),
      ),
    ),
  );
  // Nobody took it: that alone has no name.
  const detail = found?.detail ?? { result: 'unsent' };
  const event = detail.result === 'taken' ? 'notice-delivered' : 'notice-undelivered';
  await appendEvent(db, { sanction, version, event, at });
  if (!('position' in detail)) return;
  if ('by' in detail) {
    const { position, by } = detail;
    await noteBounce({ ...logged, now: at }, record, { sanction, position, by });
    return;
  }
  const { position, channel, result } = detail;
  await insertAsLogged(db, { sanction, position, channel, result, at });
  if (result === 'taken') await noteDelivered(logged, record, { position, at });
}
