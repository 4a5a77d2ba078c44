import { Problem, type ReasonCode } from '@recourse/protocol';
import { addDays } from '@recourse/protocol/review';
import { priorMatchDays, probationDailyRecords } from '../schema/figures.ts';
import { pipelined } from '../kernel/pipelined.ts';
import type { Db } from '../kernel/database.ts';
import type { CallContext } from '../context/context.ts';
import { inProbation, isActive } from '../records/membership.rules.ts';
import { signerShare, type SignerRow } from '../parties/key-store.ts';
import { membershipOf } from '../parties/store.ts';
import { epochsAt } from '../context/live-epochs.ts';
import { evidenceLock } from './derived/store.ts';
import { reversalsSince, type ReversalRow } from './remembered-store.ts';
import { ofOthers, reversalMemory } from './reversals.ts';
import { factsQuery, type FactsParameters, type FactsRow } from './facts-store.ts';
import { addParts, awaitUnit, bucketLock, spendUnit } from './bucket-store.ts';
import { countedBucket } from './counted-bucket.ts';
import { bucketFloor } from './intake.rules.ts';
import { memoriesOf, readMemories, rememberedIn, type GroupMemories } from './remembering.ts';
import type { EarlierRecord, EvadedRecord, Facts, PlatformFacts } from './facts.ts';
import { lifeOf, standingOf } from '../records/record.ts';
import { findSanction, sanctionShare, type SanctionRow } from '../records/store.ts';
import { isLeftBehind, partyShare, recordsAmong, subjectLocks } from './submission-store.ts';

export interface FactsQuery {
  /** The key that signed a statement that is not verified yet: it is shared first, and comes with the facts */
  readonly kid?: string;
  readonly incidentFrom: Date;
  /** The sanction that is submitted or confirmed */
  readonly sanction: string;
  /** Hash of the code of a new record */
  readonly code?: string;
  readonly reason: ReasonCode;
  readonly lookups: readonly Uint8Array[];
  readonly evades?: string | undefined;
  /** Commitments of a record that may be derived; a draft is judged when it is confirmed */
  readonly evidence: readonly string[];
  /** Before when it counts what its platform was told */
  readonly before: Date;
  /** One holder submits it, which takes a unit of the bucket */
  readonly isAlone: boolean;
}

/** The records that a new one follows. */
export interface FoundSources {
  readonly ids: readonly string[];
  /** It follows one of these, or one that was erased since */
  readonly isDerived: boolean;
}

export interface LoadedFacts {
  readonly facts: Facts;
  readonly sources: FoundSources;
  /** Reversals of records of other groups on one of its tokens, since its incident began; the newest first */
  readonly reversals: readonly ReversalRow[];
  readonly signer: SignerRow | undefined;
}

/**
 * Locks what a submission is judged by, then reads it: what another submission about its subjects recorded is seen, and
 * nothing about them changes until the commit.
 */
export async function loadFacts(ctx: CallContext, about: FactsQuery): Promise<LoadedFacts> {
  const { db, services, caller, now } = ctx;
  const { row, signer, reversals, hasUnit } = await lockAndRead(ctx, about);
  // Only platforms have a registration.
  if (!row?.registration) throw new Problem('role-not-allowed');
  const { earlier: erased, wasTold } = await loadMemories(ctx, { row, ...about });
  const earlier = await recordsAmong(db, { ids: row.about, parties: row.members });
  const sources = [...row.sources].toSorted();
  const facts = {
    now,
    origin: services.origin,
    caller: caller.party,
    platform: platformOf(row, { registration: row.registration, now }),
    flaggers: services.flaggers,
    recordsEpoch: epochsAt(services.tokens.epochs(), now)?.records,
    leftBehind: await isLeftBehind(db, row.behind, { from: about.incidentFrom, now }),
    known: row.known,
    earlier: [...earlier.map((one) => earlierOf(one, now)), ...erased],
    evaded: await loadEvaded(ctx, about.evades),
    bucket: await loadBucket(ctx, row, hasUnit),
  };
  const of = { vault: services.vault, parties: row.members, lookups: about.lookups };
  return {
    facts,
    sources: { ids: sources, isDerived: sources.length > 0 || wasTold },
    reversals: ofOthers(reversals, of),
    signer,
  };
}

/**
 * In one round trip, and in this order: the key that signed; the subjects; the platform, so that a suspension or a leaving, which examine what
 * is there, come wholly before the record or after it; what it evades, so that it cannot end before the record that
 * depends on it; the bucket; the evidence; then the facts.
 */
async function lockAndRead(
  ctx: CallContext,
  about: FactsQuery,
): Promise<{
  row: FactsRow | undefined;
  signer: SignerRow | undefined;
  reversals: ReversalRow[];
  /** Undefined where none was to be taken */
  hasUnit: boolean | undefined;
}> {
  const { db, now, caller, services } = ctx;
  const { party } = caller;
  const { kid, lookups, evades, evidence, isAlone, incidentFrom: since } = about;
  const hashes = lookups.map((lookup) => reversalMemory(services.vault, lookup).toString('hex'));
  const bucket = bucketLock(db, { party, now, isAlone });
  const queries = [
    ...(kid === undefined ? [] : [signerShare(db, kid).compile()]),
    subjectLocks(db, { party, lookups, now }),
    partyShare(db, party),
    ...(evades === undefined ? [] : [sanctionShare(db, evades)]),
    bucket,
    ...(evidence.length === 0 ? [] : [evidenceLock(db, evidence)]),
    reversalsSince(db, { hashes, since, now }),
    factsQuery(db, parametersOf(ctx, about)),
  ];
  const answers = await pipelined(db, queries);
  const [row] = answers.at(-1) as FactsRow[];
  const reversals = answers.at(-2) as ReversalRow[];
  const [signer] = kid === undefined ? [] : (answers[0] as SignerRow[]);
  const hasUnit = isAlone ? answers[queries.indexOf(bucket)]!.length > 0 : undefined;
  return { row, signer, reversals, hasUnit };
}

function parametersOf(ctx: CallContext, about: FactsQuery): FactsParameters {
  const { now, services, caller } = ctx;
  const { party } = caller;
  const { lookups, reason, sanction, incidentFrom, evidence, code = null, before } = about;
  const memories = memoriesOf(services.vault, { parties: [party], lookups, reason });
  return {
    party,
    now,
    sanction,
    code,
    reason,
    incidentFrom,
    evidence,
    epoch: epochsAt(services.tokens.epochs(), now)?.records ?? 1,
    lookups: lookups.map((lookup) => Buffer.from(lookup).toString('hex')),
    memories: [...memories.keys()],
    toldSince: addDays(before, -priorMatchDays),
    daySince: addDays(now, -1),
    most: Math.max(bucketFloor, probationDailyRecords),
  };
}

/** Reads the memories of a group. The facts did not ask for those of its other companies. */
async function loadMemories(
  { db, now, caller, services: { vault } }: CallContext,
  { row, lookups, reason }: Pick<FactsQuery, 'lookups' | 'reason'> & { row: FactsRow },
): Promise<GroupMemories> {
  const others = row.members.filter((member) => member !== caller.party);
  const all = memoriesOf(vault, { parties: row.members, lookups, reason });
  const ofOthers = [...memoriesOf(vault, { parties: others, lookups, reason }).keys()];
  const rows = [...row.remembered, ...(await rememberedIn(db, { hashes: ofOthers, now }))];
  return readMemories(rows, { kinds: all, reason });
}

const platformOf = (
  row: FactsRow,
  { registration, now }: Pick<PlatformFacts, 'registration'> & { now: Date },
): PlatformFacts => {
  const membership = membershipOf(row);
  return {
    suspended: row.suspended,
    enabledReasons: row.enabled_reasons,
    registration,
    active: isActive(membership, now),
    reviewers: row.reviewers,
    backlog: row.backlog,
    inProbation: inProbation(membership, now) ? { spent: row.spent ?? 0 } : undefined,
  };
};

const earlierOf = (row: SanctionRow, now: Date): EarlierRecord => ({
  reason: row.reason,
  incidentFrom: row.incident_from,
  incidentTo: row.incident_to,
  standing: standingOf(row, now),
});

/** Under the lock that it was given above. */
async function loadEvaded(
  ctx: CallContext,
  evades: string | undefined,
): Promise<EvadedRecord | undefined> {
  const row = evades === undefined ? undefined : await findSanction(ctx.db, evades);
  if (row?.party !== ctx.caller.party) return undefined;
  return {
    decidedAt: row.decided_at,
    expiresAt: lifeOf(row).expiresAt,
    standing: standingOf(row, ctx.now),
  };
}

/** Of a bucket that operators set only one thing is known: whether it had a unit left. Without one each record counts. */
async function loadBucket(
  { db, now, caller: { party } }: CallContext,
  { submissions_per_day: setByOperator, spent: counted }: FactsRow,
  hasUnit: boolean | undefined,
): Promise<Facts['bucket']> {
  if (setByOperator !== null) {
    const isEmpty = hasUnit === false && !(await spendLast(db, { party, now }));
    return { limit: setByOperator, spent: isEmpty ? setByOperator : 0 };
  }
  return countedBucket(db, { party, now, spent: counted ?? 0 });
}

/** Where no unit was free: nobody spent of the bucket before, others hold what is left, or it is empty. */
async function spendLast(db: Db, about: { party: string; now: Date }): Promise<boolean> {
  await db.executeQuery(addParts(db, about));
  for (;;) {
    const [held, units] = await pipelined(db, [awaitUnit(db, about), spendUnit(db, about)]);
    if (units.length > 0) return true;
    if (held.length === 0) return false;
  }
}
