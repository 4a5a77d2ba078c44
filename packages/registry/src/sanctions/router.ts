import { fromNumericDate, toTimestamp, type Id } from '@recourse/protocol';
import type { CallContext } from '../context.ts';
import { confirmEcho } from '../echoes/confirming.ts';
import { implement } from '../procedure.ts';
import { appealRecords } from '../appeals/view.ts';
import { countRecalls, countTold } from '../recalls/store.ts';
import { weekStart } from '../recalls/told-number.rules.ts';
import { listUntokenised, retokenise } from '../tokens/retokenising.ts';
import { recordBounce } from '../notices/bouncing.ts';
import { askForNotice, deliveriesIn, stateNotice } from '../notices/notify.ts';
import { recordWithdrawal, voidByOperator, voidOwn } from './acts.ts';
import { confirmDraft } from './confirming.ts';
import { recordDraft, recordSubmission } from './recording.ts';
import { isDisputedAt } from './life.rules.ts';
import { lifeOf } from './record.ts';
import { findSanction, historyOf, listSanctions, subjectsOf, wasTold } from './store.ts';
import {
  answersOf,
  cursorId,
  cursorOf,
  found,
  holdOf,
  noticeDueOf,
  recordOf,
  resultOf,
} from './views.ts';

export const sanctions = {
  submit: implement('sanctions.submit', async (ctx, input) => {
    const { id, version, noticeDueAt } = await recordSubmission(ctx, input);
    return { ...fresh(id, 'held'), version, noticeDueAt: toTimestamp(noticeDueAt) };
  }),

  draft: implement('sanctions.draft', async (ctx, input) => {
    const { id, lapsesAt } = await recordDraft(ctx, input);
    return { ...fresh(id, 'draft'), lapsesAt: toTimestamp(lapsesAt) };
  }),

  confirm: implement('sanctions.confirm', async (ctx, input) => {
    const confirmed = [];
    // In the order of their ids, so that two calls about the same drafts do not wait for each other.
    for (const draft of [...new Set(input.sanctions)].toSorted()) {
      const { id, version, noticeDueAt } = await confirmDraft(ctx, draft);
      confirmed.push({ ...fresh(id, 'held'), version, noticeDueAt: toTimestamp(noticeDueAt) });
    }
    return { confirmed };
  }),

  notify: implement('sanctions.notify', async (ctx, input) => {
    const { id } = await askForNotice(ctx, input);
    const row = found(await findSanction(ctx.db, id), () => true);
    return {
      ...resultOf(row, ctx.now),
      ...noticeDueOf(row),
      deliveries: await deliveriesIn(ctx, id),
    };
  }),

  stateNotice: implement('sanctions.stateNotice', async (ctx, input) => {
    const row = await stateNotice(ctx, input);
    return { ...resultOf(row, ctx.now), visibleFrom: toTimestamp(row.visible_from ?? ctx.now) };
  }),

  bounced: implement('sanctions.bounced', async (ctx, { message }) => {
    const { row, undelivered } = await recordBounce(ctx, message);
    return { ...(await current(ctx, row.id)), undelivered };
  }),

  withdraw: implement('sanctions.withdraw', async (ctx, { withdrawal }) => {
    const { id, recalls } = await recordWithdrawal(ctx, withdrawal);
    return { ...(await current(ctx, id)), recalls };
  }),

  confirmEcho: implement('sanctions.confirmEcho', async (ctx, { confirmation }) =>
    current(ctx, await confirmEcho(ctx, confirmation)),
  ),

  void: implement('sanctions.void', async (ctx, { kid, since }) => {
    const of = { kid, since: fromNumericDate(since) };
    return ctx.caller.role === 'operator' ? voidByOperator(ctx, of) : voidOwn(ctx, of);
  }),

  get: implement('sanctions.get', async (ctx, { sanction }) => {
    const row = found(
      await findSanction(ctx.db, sanction),
      (one) => one.party === ctx.caller.party,
    );
    const told = await countTold(ctx.db, [sanction], { before: weekStart(ctx.now) });
    const subjects = await subjectsOf(ctx.db, sanction);
    const history = await historyOf(ctx.db, sanction);
    return {
      ...recordOf(row, { now: ctx.now, told: told.get(sanction) ?? 0 }),
      ...holdOf(row, ctx.services.deadlines),
      subjects: subjects.map(({ position, kind, matches_until, review_from }) => ({
        index: position,
        kind,
        matchesUntil: toTimestamp(matches_until),
        ...answersOf(row, review_from),
      })),
      deliveries: await deliveriesIn(ctx, sanction),
      ...(row.stated_at ? { noticeStatedAt: toTimestamp(row.stated_at) } : {}),
      history: history.map(({ at, event, cause }) => ({
        at: toTimestamp(at),
        event,
        ...(cause === null ? {} : { cause }),
      })),
      appeals: await appealRecords(ctx.db, { sanction, now: ctx.now }),
      recalls: await countRecalls(ctx.db, sanction),
    };
  }),

  list: implement('sanctions.list', async (ctx, { cursor, limit = 50, state }) => {
    const before = cursor === undefined ? undefined : cursorId(cursor);
    const rows = await listSanctions(ctx.db, { party: ctx.caller.party, before, limit });
    const told = await countTold(
      ctx.db,
      rows.map(({ id }) => id),
      { before: weekStart(ctx.now) },
    );
    const records = rows.map((row) => {
      const { statement: _, ...record } = recordOf(row, {
        now: ctx.now,
        told: told.get(row.id) ?? 0,
      });
      return record;
    });
    const last = rows.at(-1);
    return {
      // A page by state may hold fewer records than its limit: states are computed, not stored.
      sanctions: records.filter((record) => state === undefined || record.state === state),
      ...(last && rows.length === limit ? { next: cursorOf(last.id) } : {}),
    };
  }),

  untokenised: implement('sanctions.untokenised', listUntokenised),

  retokenise: implement('sanctions.retokenise', retokenise),

  status: implement('sanctions.status', async (ctx, { sanction }) => {
    const told = await wasTold(ctx.db, { sanction, party: ctx.caller.party });
    const row = found(await findSanction(ctx.db, sanction), () => told);
    return {
      ...resultOf(row, ctx.now),
      disputed: isDisputedAt(lifeOf(row), ctx.now),
      expiresAt: toTimestamp(row.amended_until ?? row.expires_at),
    };
  }),
};

const fresh = (sanction: Id<'snc'>, state: 'draft' | 'held') => ({ sanction, state, version: 1 });

async function current(ctx: CallContext, id: string) {
  return resultOf(
    found(await findSanction(ctx.db, id), () => true),
    ctx.now,
  );
}
