import {
  fromNumericDate,
  newId,
  panelRules,
  Problem,
  toTimestamp,
  type EntryDetail,
  type HistoryEvent,
  type Id,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import { dueAt } from '@recourse/protocol/review';
import type { CallContext } from '../../context/context.ts';
import { invalid, refusal } from '../../kernel/refusal.ts';
import { closeCaseItem } from '../../panel/case-closing.ts';
import { tellOfChallenge } from '../../panel/case-items.ts';
import {
  challengeable,
  challengesOf,
  insertChallenge,
  isOfCase,
  type AskedChallenge,
  type CaseItemRow,
  type Challengeable,
} from '../../panel/case-store.ts';
import { findItem, insertItem } from '../../panel/store.ts';
import { applyDueSteps } from '../../records/apply-due-steps.ts';
import { lockRecord } from '../../records/lock-record.ts';
import { standingOf } from '../../records/record.ts';
import type { LockedRecord, TransitionContext } from '../../records/transition-context.ts';

type Input = OpInput<'subjects.challenge'>;

type ChallengeItems = OpOutput<'subjects.challenge'>['items'];

/**
 * Says that an identifier is somebody else's since a day: reviewers decide for each live record that the caller made or
 * was told of. What else there may be it does not learn; of a token without such a record it reads what it reads of none.
 */
export async function challenge(
  ctx: CallContext,
  { token, epoch, ground, date }: Input,
): Promise<OpOutput<'subjects.challenge'>> {
  const changedAt = fromNumericDate(date);
  if (changedAt > ctx.now) throw invalid('date', 'in-the-future');
  const lookup = ctx.services.vault.lookup(token);
  const known = await challengeable(ctx.db, { lookup, epoch, party: ctx.caller.party });
  if (known.length === 0) throw new Problem('not-found');
  const items: ChallengeItems = [];
  for (const one of known) {
    items.push(...(await challengeOne(ctx, one, { ground, changedAt })));
  }
  if (items.length === 0) throw refusal('state-conflict', 'token', 'ended');
  return { items };
}

async function challengeOne(
  ctx: CallContext,
  subject: Challengeable,
  { ground, changedAt }: { ground: Input['ground']; changedAt: Date },
): Promise<ChallengeItems> {
  const { db, now, caller } = ctx;
  const { sanction, position, proven_at: provenAt } = subject;
  const locked = await lockRecord(ctx, sanction);
  const record = locked && (await applyDueSteps(ctx, locked));
  if (!record || standingOf(record, now).ended) return [];
  // Whose it was when its control was proven is whom the record is about.
  if (changedAt <= provenAt) throw invalid('date', 'before-proven');
  const open = await openChallenge(ctx, record, { subject, changedAt });
  if (open) return [{ item: open.item, sanction, dueAt: toTimestamp(open.due_at) }];
  const by_party = caller.party;
  const detail = { by: by_party, place: position, ground, changedAt: toTimestamp(changedAt) };
  const question = { kind: 'challenge', event: 'challenged', detail } as const;
  const asked = await openCaseItem(ctx, record, question);
  if (!asked) return [];
  const { item, dueAt } = asked;
  const row = { item, sanction, position, by_party, ground, changed_at: changedAt, at: now };
  await insertChallenge(db, row);
  await tellOfChallenge(ctx, record, { type: 'subject-challenged', item, dueAt });
  record.retain();
  return [{ item, sanction, dueAt: toTimestamp(dueAt) }];
}

/**
 * What reviewers are asked about a subject already. One that nobody decided in time is closed first; what the caller was
 * told no to it asks again only about a later day.
 */
async function openChallenge(
  ctx: CallContext,
  record: LockedRecord,
  { subject, changedAt }: { subject: Challengeable; changedAt: Date },
): Promise<AskedChallenge | undefined> {
  for (const before of await challengesOf(ctx.db, subject)) {
    const { by_party, closed_at, closed_by, due_at: at } = before;
    if (closed_at === null && at > ctx.now) return before;
    const item = await findItem(ctx.db, before.item);
    if (item && closed_at === null && isOfCase(item)) {
      await closeCaseItem(ctx, { item, record }, { by: 'deadline', at });
    }
    const wasRefused = by_party === ctx.caller.party && closed_by === 'votes';
    if (wasRefused && changedAt <= before.at) throw new Problem('already-decided');
  }
  return undefined;
}

interface NewCaseItem {
  readonly kind: CaseItemRow['kind'];
  readonly event: HistoryEvent;
  /** Of its entry */
  readonly detail?: Omit<EntryDetail<'panel-asked'>, 'item' | 'kind' | 'party' | 'effective'>;
}

/** Asks the panel about a locked record: only its case, and whom it concerns, hear of it. */
async function openCaseItem(
  ctx: TransitionContext,
  record: LockedRecord,
  { kind, event, detail = {} }: NewCaseItem,
): Promise<{ item: Id<'itm'>; dueAt: Date } | undefined> {
  const { db, now, services } = ctx;
  const { id: sanction, party } = record;
  const { votes, dueDays } = panelRules[kind];
  const item = newId('itm', { now, random: services.random });
  const due = dueAt(now, 24 * dueDays);
  const row = { id: item, kind, party, sanction, about: null, votes };
  if (!(await insertItem(db, { ...row, opened_at: now, due_at: due }))) return undefined;
  await record.note({ event, entry: 'panel-asked', detail: { item, kind, party, ...detail } });
  return { item, dueAt: due };
}
