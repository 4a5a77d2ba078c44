import { toTimestamp, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { standingOf } from '../../records/record.ts';
import type { SanctionRow, subjectsOf } from '../../records/store.ts';
import type { NoticeFacts } from './notice.rules.ts';
import { deliveriesOf, stateOf, type DeliveryRow } from './store.ts';

/** The sealed part of a message: where it goes, and the code that its reader opens the case by. */
export interface NoticeAddress {
  readonly to: string;
  readonly code: string;
}

export type Subjects = Awaited<ReturnType<typeof subjectsOf>>;

export const isOwn =
  ({ caller: { party } }: CallContext) =>
  (row: SanctionRow): boolean =>
    row.party === party;

export async function factsOf(
  { db, now, services }: CallContext,
  row: SanctionRow,
  subjects: Subjects,
): Promise<NoticeFacts> {
  const deliveries = await deliveriesOf(db, row.id);
  return {
    now,
    standing: standingOf(row, now),
    submittedAt: row.submitted_at,
    statedAt: row.stated_at,
    subjects: subjects.map(({ position, kind, detached_at: detached }) => {
      const delivery = deliveries.find((one) => one.position === position);
      return {
        position,
        kind,
        detached: detached !== null,
        delivery: delivery && stateOf(delivery),
      };
    }),
    sends: (channel) => services.notices.sends(channel),
  };
}

type Deliveries = OpOutput<'sanctions.notify'>['deliveries'];

/** What the registry wrote to whom, and what came of it. */
export const viewDeliveries = (rows: readonly DeliveryRow[]): Deliveries =>
  rows.map((row) => {
    const at = row.bounced_at ?? row.result_at;
    return {
      index: row.position,
      channel: row.channel,
      state: stateOf(row),
      ...(at ? { at: toTimestamp(at) } : {}),
    };
  });
