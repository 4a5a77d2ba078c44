import { toDay } from '@recourse/protocol';
import { addDays } from '@recourse/protocol/review';
import { sql } from 'kysely';
import type { Db } from '../../kernel/database.ts';
import type { DueDelivery } from './store.ts';

/** The party of a message, with what its budget is made of. */
export interface SmsSender {
  readonly party: string;
  readonly inProbation: boolean;
  readonly submitted: number;
  readonly isFurther: boolean;
}

export async function smsSenderOf(
  db: Db,
  { sanction, position }: Pick<DueDelivery, 'sanction' | 'position'>,
  { now }: { now: Date },
): Promise<SmsSender | undefined> {
  const { rows } = await sql<SmsSender>`
    select s.party, coalesce(p.probation_until > ${now}, false) as "inProbation",
      (select count(*)::int from sanctions o
        where o.party = s.party and o.submitted_at > ${addDays(now, -1)}) as submitted,
      exists (select from notice_deliveries d where d.sanction = s.id and d.position < ${position}
        and d.channel = 'sms' and d.result is distinct from 'unsent') as "isFurther"
    from sanctions s join parties p on p.id = s.party where s.id = ${sanction}`.execute(db);
  return rows[0];
}

/** Counts a message on the day of `now`, in one statement for any number of servers. @returns false beyond `most` */
export async function countSms(
  db: Db,
  { party, most, now }: { party: string; most: number; now: Date },
): Promise<boolean> {
  if (most < 1) return false;
  const day = toDay(now);
  const { rows } = await sql`
    insert into sms_days (party, day, sent) values (${party}, ${day}, 1)
    on conflict (party) do update set day = excluded.day,
      sent = case when sms_days.day = excluded.day then sms_days.sent + 1 else 1 end
      where sms_days.day <> excluded.day or sms_days.sent < ${most}
    returning party`.execute(db);
  return rows.length > 0;
}

/** No gateway took it. */
export async function discountSms(
  db: Db,
  { party, now }: { party: string; now: Date },
): Promise<void> {
  await sql`
    update sms_days set sent = sent - 1
    where party = ${party} and day = ${toDay(now)} and sent > 0`.execute(db);
}

/** A message beyond the budget: it was not tried. */
export async function postponeSms(
  db: Db,
  { sanction, position }: Pick<DueDelivery, 'sanction' | 'position'>,
  until: Date,
): Promise<void> {
  await sql`
    update notice_deliveries set retry_at = ${until}, tries = tries - 1
    where sanction = ${sanction} and position = ${position} and result is null`.execute(db);
}

/** True where a member that takes part is registered there. */
export async function isMemberIn(
  db: Db,
  country: string,
  { now }: { now: Date },
): Promise<boolean> {
  const { rows } = await sql`
    select from parties where registration ->> 'jurisdiction' = ${country}
      and active_from <= ${now} and (left_at is null or left_at > ${now}) limit 1`.execute(db);
  return rows.length > 0;
}
