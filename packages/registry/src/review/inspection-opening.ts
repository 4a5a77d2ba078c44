import { merkleRoot, parseCheckpoint, parseNote } from '@recourse/ledger';
import {
  causeDays,
  fromBase64url,
  homeReversalRules,
  newId,
  sanctionRef,
  toBase64url,
  type Id,
  type InspectionReason,
} from '@recourse/protocol';
import { dueAt } from '@recourse/protocol/review';
import { lockRecord } from '../records/lock-record.ts';
import { standingOf } from '../records/record.ts';
import type { LockedRecord, TransitionContext } from '../records/transition-context.ts';
import type { ReversalRow } from '../submissions/remembered-store.ts';
import { isOnMerits } from '../submissions/reversals.ts';
import { drawInspections, quarterOf } from './draw.rules.ts';
import {
  drawableHomeReversals,
  drawableRecords,
  firstCheckpointSince,
  insertDraw,
  insertInspection,
  insertInspections,
  liveUninspected,
  type InspectionRow,
} from './inspection-store.ts';

/**
 * Draws the inspections of one submitter for the quarter, seeded by the first checkpoint that was signed in it: of its
 * records, and of its home reversals of the quarter before. The entry commits to the lists and to what was drawn of them
 * by the records' refs, so that the submitter, or whomever it gives a list, can repeat the draw; nobody else learns whose
 * record a ref is.
 * @returns how many were drawn
 */
export async function drawQuarter(ctx: TransitionContext, party: string): Promise<number> {
  const { db, now, changes } = ctx;
  const quarter = quarterOf(now);
  const { name, start } = quarter;
  const seed = await firstCheckpointSince(db, start);
  if (!seed) return 0;
  const root = toBase64url(parseCheckpoint(parseNote(seed.note).text).root);
  const records = await drawableRecords(db, { party, start });
  const reversals = await drawableHomeReversals(db, { party, quarter, now });
  const examined = drawOf(ctx, { root, records });
  const seen = drawOf(ctx, { root, records: reversals, most: homeReversalRules.seen });
  const draw = { party, quarter: name, size: seed.size, root };
  const { eligible, drawn } = examined.entry;
  const counts = { eligible: eligible.count, drawn: drawn.count };
  if (!(await insertDraw(db, { ...draw, ...counts, at: now }))) return 0;
  const homeReversals = reversals.length === 0 ? {} : { homeReversals: seen.entry };
  changes.public('inspections-drawn', { ...draw, ...examined.entry, ...homeReversals });
  const opened = [
    ...examined.sanctions.map((sanction) => ({ sanction, why: 'drawn' as const })),
    ...seen.sanctions.map((sanction) => ({ sanction, why: 'home-reversal' as const })),
  ];
  // In the order in which sanctions are locked.
  for (const { sanction, why } of opened.toSorted((a, b) => (a.sanction < b.sanction ? -1 : 1))) {
    await examine(ctx, sanction, why);
  }
  return opened.length;
}

/** What is drawn of a list, and how the entry commits to both. */
function drawOf(
  { services }: TransitionContext,
  list: {
    root: string;
    records: readonly { id: Id<'snc'>; wrapped: Uint8Array }[];
    most?: number;
  },
) {
  const byRef = new Map(
    list.records.map(({ id, wrapped }) => [
      sanctionRef(services.vault.openCase({ sanction: id, wrapped }).salt('ref'), id),
      id,
    ]),
  );
  const refs = [...byRef.keys()].toSorted();
  const { root, most } = list;
  const drawn = drawInspections({ root, refs, ...(most === undefined ? {} : { most }) });
  return {
    sanctions: drawn.flatMap((ref) => byRef.get(ref) ?? []),
    entry: { eligible: committed(refs), drawn: committed(drawn) },
  };
}

const committed = (refs: readonly string[]) => ({ count: refs.length, root: rootOf(refs) });

/** RFC 6962 root over refs, in the order that is given. */
const rootOf = (refs: readonly string[]): string =>
  toBase64url(merkleRoot(refs.map((ref) => fromBase64url(ref))));

/**
 * The first records of a probation are all examined, as soon as they answer.
 * @returns whether an inspection was opened
 */
export const examineInProbation = (ctx: TransitionContext, sanction: string): Promise<boolean> =>
  examine(ctx, sanction, 'probation');

async function examine(
  ctx: TransitionContext,
  sanction: string,
  why: 'drawn' | 'probation' | 'home-reversal',
): Promise<boolean> {
  const record = await lockRecord(ctx, sanction);
  const hasEnded = why === 'home-reversal';
  if (!record || (standingOf(record, ctx.now).ended !== undefined) !== hasEnded) return false;
  return openInspection(ctx, record, { why });
}

/**
 * A record about an act of before a reversal answers `verify-identity` alone until another reviewer, who sees outcome and
 * cause, lets it pass: after one that a reviewer decided on the merits. After any other it is only held longer.
 */
export async function examineRelay(
  ctx: TransitionContext,
  { sanction, reversals }: { sanction: string; reversals: readonly ReversalRow[] },
): Promise<void> {
  const onMerits = reversals.filter(isOnMerits);
  const [newest] = onMerits;
  const record = newest && (await lockRecord(ctx, sanction));
  if (!newest || !record) return;
  const deciders = [...new Set(onMerits.flatMap((one) => one.deciders))];
  const after = { after_outcome: newest.outcome, after_cause: newest.cause, deciders };
  await openInspection(ctx, record, { why: 'relay', after });
}

export interface NewInspection {
  readonly why: Exclude<InspectionReason, 're-examination' | 'leaving'>;
  /** Whose decision is made again, and the checkpoint that drew it */
  readonly again?: { readonly appeal: Id<'apl'>; readonly size?: number; readonly root?: string };
  /** Of a relay: what became of the record before */
  readonly after?: Pick<InspectionRow, 'after_outcome' | 'after_cause' | 'deciders'>;
}

/** Has a locked record examined. False where it is being examined. */
export async function openInspection(
  ctx: TransitionContext,
  record: LockedRecord,
  { why, again, after }: NewInspection,
): Promise<boolean> {
  // Who confirms a cause decides nothing of the record.
  if (why !== 'cause' && record.inspection !== null) return false;
  const { db, now, services } = ctx;
  const id = newId('itm', { now, random: services.random });
  const days = why === 'cause' ? causeDays : services.deadlines.decisionDueDays;
  const due = dueAt(now, 24 * days);
  const of = { id, sanction: record.id, why, appeal: again?.appeal ?? null, ...after };
  await insertInspection(db, { ...of, opened_at: now, due_at: due });
  await record.note({ entry: 'inspection-opened', detail: { item: id, why, ...again } });
  return true;
}

/**
 * Old records of a party that the panel suspended are examined again, newest first, in 30 d. All of them in the
 * transaction of the suspension, so that no record waits for a job to be right.
 * @returns how many there are
 */
export function openReexaminations(
  ctx: TransitionContext,
  { party, since, item }: { party: string; since: Date; item: string },
): Promise<number> {
  const due = dueAt(since, 24 * ctx.services.deadlines.decisionDueDays);
  const opened = { why: 're-examination', openedAt: since, due, suspension: item } as const;
  return openInspections(ctx, { party, ...opened });
}

export type Many = Pick<TransitionContext, 'db' | 'services' | 'now'>;

/** Of every live record of a party that is not being examined. */
export async function openInspections(
  { db, services, now }: Many,
  opening: { party: string; suspension?: string } & Pick<
    Parameters<typeof insertInspections>[1],
    'why' | 'openedAt' | 'due'
  >,
): Promise<number> {
  const sanctions = await liveUninspected(db, { party: opening.party, now });
  const ids = sanctions.map(() => newId('itm', { now, random: services.random }));
  await insertInspections(db, { ...opening, ids, sanctions });
  return sanctions.length;
}
