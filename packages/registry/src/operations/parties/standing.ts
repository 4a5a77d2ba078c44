import { toTimestamp, type CheckAlarm, type Id, type OpOutput } from '@recourse/protocol';
import { backlogLimit, addDays } from '@recourse/protocol/review';
import type { CallContext } from '../../context/context.ts';
import type { Db } from '../../kernel/database.ts';
import { readBucket } from '../../lookup/checks/meter-store.ts';
import { fullAt, keptOf, unitsLeft } from '../../lookup/checks/quota.rules.ts';
import { readStanding } from '../../panel/rates-store.ts';
import { windowDays } from '../../panel/rates.rules.ts';
import { itemsAbout, votesOn } from '../../panel/store.ts';
import { viewItem } from '../../panel/view-item.ts';
import { openAlarmsOf } from '../../parties/alarm-store.ts';
import { reenrolmentEntry } from '../../parties/directory.ts';
import { openReenrolmentOf } from '../../parties/reenrolment-store.ts';
import { membershipOf, partyOf } from '../../parties/store.ts';
import { inProbation } from '../../records/membership.rules.ts';
import { standingOf } from '../../records/record.ts';
import { probationDailyRecords } from '../../schema/figures.ts';
import { sanctionRows } from '../../records/store.ts';
import { countSubmissions, unitsOf } from '../../submissions/bucket-store.ts';
import { countedBucket } from '../../submissions/counted-bucket.ts';
import { bucketFloor } from '../../submissions/intake.rules.ts';
import { readBacklog } from '../../submissions/backlog-store.ts';
import { unexaminedOf } from '../../review/inspection-store.ts';
import { causesAgainst } from '../../parties/suspension-store.ts';

/** How the caller's party stands. Votes and their reasons are read once an item is closed. */
export async function standing({
  db,
  now,
  caller: { party },
}: CallContext): Promise<OpOutput<'parties.standing'>> {
  const { decided, reversed, reversedIn90Days, warnedAt } = await readStanding(db, party, now);
  const causes = await causesAgainst(db, { party, now });
  const reenrolment = await openReenrolmentOf(db, { party, now });
  const items: OpOutput<'parties.standing'>['items'] = [];
  for (const item of await itemsAbout(db, party)) {
    // What is asked about a record is its case's.
    if (item.sanction !== null) continue;
    const votes = item.closed_at === null ? [] : await votesOn(db, item.id);
    const reasons = votes.flatMap((one) =>
      one.reasons ? [new TextDecoder().decode(one.reasons)] : [],
    );
    items.push({ ...viewItem(item), reasons });
  }
  return {
    figures: { decided, reversed, reversedIn90Days },
    ...(warnedAt === null ? {} : { warnedAt: toTimestamp(warnedAt) }),
    ...(reenrolment ? { reenrolment: reenrolmentEntry(reenrolment) } : {}),
    suspensions: causes.map(({ party: whose, cause, since, item }) => ({
      ...(whose === party ? {} : { party: whose as Id<'plt'> }),
      cause,
      since: toTimestamp(since),
      ...(item === null ? {} : { item: item as (typeof items)[number]['item'] }),
    })),
    items,
    checks: await ownChecks(db, { party, now }),
    records: await ownRecords(db, { party, now }),
    notices: await ownNotices(db, { party, now }),
    backlog: await ownBacklog(db, { party, now }),
    unexamined: await unexaminedOf(db, { party, now }),
  };
}

/** Reads what waits before the panel, and is held for that. */
async function ownBacklog(
  db: Db,
  asked: { party: string; now: Date },
): Promise<OpOutput<'parties.standing'>['backlog']> {
  const { backlog, held } = await readBacklog(db, asked);
  return { waiting: backlog.waiting, limit: backlogLimit(backlog), held };
}

/** Reads what was withdrawn for want of a notice, and what will be. */
async function ownNotices(
  db: Db,
  asked: { party: string; now: Date },
): Promise<OpOutput<'parties.standing'>['notices']> {
  const since = addDays(asked.now, -windowDays);
  const withdrawn = await withdrawnWithoutNotice(db, { ...asked, since });
  return { withdrawn: withdrawn.map(said), due: (await noticesDue(db, asked)).map(said) };
}

const said = ({ sanction, at }: WithoutNotice) => ({ sanction, at: toTimestamp(at) });

/** Reads what is left to check, and what stopped it. */
async function ownChecks(
  db: Db,
  { party, now }: { party: string; now: Date },
): Promise<OpOutput<'parties.standing'>['checks']> {
  const bucket = await readBucket(db, party, now);
  const left = unitsLeft(bucket, now);
  const alarms = await openAlarmsOf(db, party);
  return {
    bucket: bucket.size,
    left: Math.floor(left),
    kept: keptOf(bucket.size),
    fullAt: toTimestamp(fullAt(bucket, now)),
    alarms: alarms.map(({ kind, at, counts }) => ({
      kind: kind as CheckAlarm,
      at: toTimestamp(at),
      counts,
    })),
  };
}

/** Reads how many records it may still make. */
async function ownRecords(
  db: Db,
  { party, now }: { party: string; now: Date },
): Promise<OpOutput<'parties.standing'>['records']> {
  const since = addDays(now, -1);
  const most = Math.max(bucketFloor, probationDailyRecords);
  const spent = await countSubmissions(db, { party, since, most });
  const bucket =
    (await unitsOf(db, { party, now })) ?? (await countedBucket(db, { party, now, spent }));
  const isNew = inProbation(membershipOf(await partyOf(db, party)), now);
  return {
    limit: bucket.limit,
    left: Math.max(0, bucket.limit - bucket.spent),
    ...(isNew ? { leftInProbation: Math.max(0, probationDailyRecords - spent) } : {}),
  };
}

const most = 50;

interface WithoutNotice {
  readonly sanction: `snc_${string}`;
  readonly at: Date;
}

/** Lists what ended for want of a notice, the newest first, whether or not a job has written it down. */
async function withdrawnWithoutNotice(
  db: Db,
  { party, since, now }: { party: string; since: Date; now: Date },
): Promise<WithoutNotice[]> {
  const rows = await sanctionRows(db)
    .where('s.party', '=', party)
    .where('s.submitted_at', '>', since)
    .where('s.notice_due_at', '<=', now)
    .where((eb) =>
      eb.or([
        eb('s.end_cause', '=', 'no-notice'),
        eb.and([eb('s.end_kind', 'is', null), eb('s.notified_at', 'is', null)]),
      ]),
    )
    .orderBy('s.notice_due_at', 'desc')
    .orderBy('s.id')
    .limit(most)
    .execute();
  return rows.flatMap((row) => {
    const { ended } = standingOf(row, now);
    return ended?.cause === 'no-notice' ? [{ sanction: row.id, at: ended.at }] : [];
  });
}

/** Lists what will end, unless its notice comes in time: the soonest first. */
async function noticesDue(db: Db, query: { party: string; now: Date }): Promise<WithoutNotice[]> {
  const rows = await sanctionRows(db)
    .where('s.party', '=', query.party)
    .where('s.submitted_at', 'is not', null)
    .where('s.notified_at', 'is', null)
    .where('s.end_kind', 'is', null)
    .where('s.notice_due_at', '>', query.now)
    .orderBy('s.notice_due_at')
    .orderBy('s.id')
    .limit(most)
    .execute();
  return rows.flatMap((row) =>
    row.notice_due_at && !standingOf(row, query.now).ended
      ? [{ sanction: row.id, at: row.notice_due_at }]
      : [],
  );
}
