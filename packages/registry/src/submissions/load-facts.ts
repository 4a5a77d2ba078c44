import { Problem, type ReasonCode } from '@recourse/protocol';
import { speechSuspensionOf } from '../parties/suspending.ts';
import { addDays, probationDailyRecords } from '../kernel/bounds.ts';
import type { CallContext } from '../context/context.ts';
import { inProbation, isActive, type Membership } from '../records/membership.rules.ts';
import { groupMembers } from '../parties/group-store.ts';
import { membershipOf } from '../parties/store.ts';
import { epochsAt } from '../context/live-epochs.ts';
import { bucketDays, bucketFloor, bucketLimit } from './intake.rules.ts';
import { rememberedRecords } from './remembering.ts';
import type { EarlierRecord, EvadedRecord, Facts, PlatformFacts } from './facts.ts';
import { lifeOf, standingOf } from '../records/record.ts';
import { shareSanction, type SanctionRow } from '../records/store.ts';
import {
  countSubmissions,
  dailySubmissions,
  earlierRecords,
  isKnown,
  isLeftBehind,
  lockSubjects,
  readPlatform,
} from './submission-store.ts';

export interface FactsQuery {
  readonly incidentFrom: Date;
  /** The sanction that is submitted or confirmed */
  readonly sanction: string;
  /** Hash of the code of a new record */
  readonly code?: string;
  readonly reason: ReasonCode;
  readonly lookups: readonly Uint8Array[];
  readonly evades?: string | undefined;
}

/**
 * Reads what a submission is judged by, after its subjects were locked: what another submission about them
 * recorded is seen, and nothing about them changes until the commit.
 */
export async function loadFacts(ctx: CallContext, of: FactsQuery): Promise<Facts> {
  const { db, now, services } = ctx;
  const { party } = ctx.caller;
  const { reason, lookups } = of;
  const { vault } = services;
  const epochs = epochsAt(services.tokens.epochs(), now);
  const parties = await groupMembers(db, { party, now });
  const [platform, earlier, erased, known, evaded, speech, behind] = await Promise.all([
    readPlatform(db, party, now),
    earlierRecords(db, { parties, lookups, except: of.sanction }),
    rememberedRecords({ db, now, vault }, { parties, lookups, reason }),
    isKnown(db, { id: of.sanction, code: of.code }),
    loadEvaded(ctx, of.evades),
    speechSuspensionOf(db, { party, now }),
    isLeftBehind(db, {
      parties,
      reason,
      from: of.incidentFrom,
      epoch: epochs?.records ?? 1,
      now,
    }),
  ]);
  // Only platforms have a registration.
  if (!platform?.registration) throw new Problem('role-not-allowed');
  const membership = membershipOf(platform);
  return {
    now,
    origin: services.origin,
    caller: party,
    platform: {
      suspended: platform.submissions_suspended || speech !== undefined,
      enabledReasons: platform.enabled_reasons,
      registration: platform.registration,
      active: isActive(membership, now),
      reviewers: platform.reviewers,
      backlog: platform.backlog,
      inProbation: await loadProbation(ctx, membership),
    },
    flaggers: services.flaggers,
    recordsEpoch: epochs?.records,
    leftBehind: behind,
    known,
    earlier: [...earlier.map((row) => earlierOf(row, now)), ...erased],
    evaded,
    bucket: await loadBucket(ctx, platform.submissions_per_day),
  };
}

const earlierOf = (row: SanctionRow, now: Date): EarlierRecord => ({
  reason: row.reason,
  incidentFrom: row.incident_from,
  incidentTo: row.incident_to,
  standing: standingOf(row, now),
});

/** Shared until the commit: it cannot end between this look and the record that depends on it. */
async function loadEvaded(
  ctx: CallContext,
  evades: string | undefined,
): Promise<EvadedRecord | undefined> {
  const row = evades === undefined ? undefined : await shareSanction(ctx.db, evades);
  if (row?.party !== ctx.caller.party) return undefined;
  return {
    decidedAt: row.decided_at,
    expiresAt: lifeOf(row).expiresAt,
    standing: standingOf(row, ctx.now),
  };
}

/** No token has this lookup: the row of it stands for all submissions of a group. */
const wholeBucket = new Uint8Array(32);

/** Counted each time, one submission after the other. */
async function loadProbation(
  { db, now, caller: { party } }: CallContext,
  membership: Membership,
): Promise<PlatformFacts['inProbation']> {
  if (!inProbation(membership, now)) return undefined;
  await lockSubjects(db, { party, lookups: [wholeBucket], now });
  const since = addDays(now, -1);
  return { spent: await countSubmissions(db, { party, since, most: probationDailyRecords }) };
}

/** The median is read only where the floor would not do. */
async function loadBucket(
  { db, now, services, caller: { party } }: CallContext,
  setByOperator: number | null,
): Promise<Facts['bucket']> {
  const since = addDays(now, -1);
  const floor = setByOperator ?? bucketFloor;
  // One after the other, or submissions that are counted at once all find the same room.
  if (setByOperator === null) await lockSubjects(db, { party, lookups: [wholeBucket], now });
  const count = () => countSubmissions(db, { party, since, most: floor });
  const spent = await services.allowances.spent(party, floor, { now, count });
  if (spent < floor || setByOperator !== null) return { limit: floor, spent };
  const counts = await dailySubmissions(db, { party, since: addDays(now, -bucketDays) });
  const limit = bucketLimit(counts, setByOperator);
  return { limit, spent: await countSubmissions(db, { party, since, most: Math.ceil(limit) }) };
}
