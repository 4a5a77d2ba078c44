import {
  panelRules,
  panelVoteSchema,
  Problem,
  reasonsCommitment,
  strikesCommitment,
  utf8,
  type OpInput,
  type OpOutput,
  type PanelVote,
} from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { invalid, refusal } from '../../kernel/refusal.ts';
import { closeCaseItem } from '../../panel/case-closing.ts';
import { isOfCase } from '../../panel/case-store.ts';
import { closeItem } from '../../panel/closing.ts';
import { countedCases } from '../../panel/rates-store.ts';
import { seatedOn } from '../../panel/seats.rules.ts';
import {
  askedSince,
  findItem,
  insertVote,
  isLapsed,
  lockItem,
  votersOf,
  whoMayVote,
  type ItemRow,
} from '../../panel/store.ts';
import { openOwnArtefact } from '../../parties/opening.ts';
import { applyDueSteps } from '../../records/apply-due-steps.ts';
import { lockRecord } from '../../records/lock-record.ts';
import type { LockedRecord } from '../../records/transition-context.ts';
import { placeOf } from '../../vault/vault.ts';

/** One reviewer's vote; the item is closed by the last. */
export async function vote(
  ctx: CallContext,
  { vote: compact, reasons, strikes = [] }: OpInput<'review.vote'>,
): Promise<OpOutput<'review.vote'>> {
  const { db, now: at, caller } = ctx;
  const artefact = { compact, member: 'vote', typ: 'recourse-panel-vote+jwt' } as const;
  const signed = await openOwnArtefact(ctx, artefact, panelVoteSchema);
  if (reasonsCommitment(reasons) !== signed.reasons) throw invalid('reasons', 'not-committed');
  const { item, record } = await lockAssigned(ctx, signed.item);
  const { harsher, milder, votes } = panelRules[item.kind];
  const { outcome } = signed;
  if (outcome !== harsher && outcome !== milder) throw invalid('vote.outcome', 'of-another-kind');
  await needStrikes(ctx, item, { signed, strikes, salt: reasons.salt });
  const { holder, kid } = caller;
  const row = { item: item.id, holder, kid, outcome, artefact: compact, at };
  record?.retain();
  await insertVote(db, {
    ...row,
    strikes,
    reasons: reasonsOf(record, { ...row, text: reasons.text }),
  });
  const voted = (await votersOf(db, [item.id])).get(item.id);
  // A vote alone changes nothing that anybody could see, an entry in the ledger least of all.
  if ((voted?.size ?? 0) < votes) return { item: item.id, state: 'awaiting-others' };
  const closed = await closeByLast(ctx, item, record);
  return {
    item: item.id,
    state: 'closed',
    ...(closed.outcome === null ? {} : { outcome: closed.outcome }),
  };
}

/** Who votes to strike names cases as signed, and of those that counted when it was asked. */
async function needStrikes(
  { db }: CallContext,
  { party, opened_at: at }: ItemRow,
  { signed, strikes, salt }: { signed: PanelVote; strikes: readonly string[]; salt: string },
): Promise<void> {
  if ((signed.outcome === 'strike') !== strikes.length > 0) {
    throw invalid('strikes', 'of-another-kind');
  }
  const committed = strikes.length > 0 ? strikesCommitment(strikes, salt) : undefined;
  if (signed.strikes !== committed) throw invalid('strikes', 'not-committed');
  if (strikes.length === 0) return;
  const counted = new Set<string>((await countedCases(db, { party, at })).map((row) => row.case));
  if (!strikes.every((one) => counted.has(one))) throw invalid('strikes', 'unknown');
}

function closeByLast(
  ctx: CallContext,
  item: ItemRow,
  record: LockedRecord | undefined,
): Promise<ItemRow> {
  const last = { by: 'votes', at: ctx.now } as const;
  return record && isOfCase(item)
    ? closeCaseItem(ctx, { item, record }, last)
    : closeItem(ctx, item, last);
}

/** Of an item about a record they are sealed with its case. */
const reasonsOf = (
  record: LockedRecord | undefined,
  vote: { item: string; holder: string; text: string },
): Uint8Array =>
  record ? record.key().sealText(vote.text, placeOf('panel_votes.reasons', vote)) : utf8(vote.text);

/** An open item on which the caller has a seat; what is not theirs reads like none. */
async function lockAssigned(
  ctx: CallContext,
  id: string,
): Promise<{ item: ItemRow; record: LockedRecord | undefined }> {
  const { db, now, caller } = ctx;
  const known = await findItem(db, id);
  // The lock of a record comes before that of its item.
  const locked = known?.sanction ? await lockRecord(ctx, known.sanction) : undefined;
  const record = locked && (await applyDueSteps(ctx, locked));
  const item = await lockItem(db, id);
  if (!item) throw new Problem('not-found');
  const voted = (await votersOf(db, [id])).get(id) ?? new Set<string>();
  if (voted.has(caller.holder)) throw new Problem('already-decided');
  if (item.closed_at || isLapsed(item, now)) throw refusal('state-conflict', 'vote', 'closed');
  const holders = (await whoMayVote(db, { items: [id], at: now })).get(id) ?? [];
  const seating = { item: id, votes: item.votes, openedAt: askedSince(item), holders, voted };
  if (!seatedOn(seating, now).includes(caller.holder)) throw new Problem('not-found');
  return { item, record };
}
