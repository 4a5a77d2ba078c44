import { closeAppeal, findUnfounded } from './appeal-closing.ts';
import { writeSpared } from './appeal-store.ts';
import { recordEnded } from './ending.ts';
import { nextStep, type Step } from './life.rules.ts';
import type { LockedRecord, TransitionContext } from './transition-context.ts';
import { inHand } from './lock-record.ts';
import { ownLifeOf, recordedLifeOf } from './record.ts';
import type { SanctionRow } from './store.ts';
import { lift, suspend } from './transition.ts';

/** No sanction has more than this waiting for it; a rule that never came to rest would show here. */
const mostSteps = 16;

/**
 * Writes what time alone has done to a locked sanction, before anything else is done to it: one step after the other,
 * each at the instant it fell due.
 * @returns the sanction as it is then
 */
export const applyDueSteps = async (
  ctx: TransitionContext,
  locked: SanctionRow,
): Promise<LockedRecord> => (await takeSteps(ctx, locked)).record;

/** The same, and how many steps there were. */
export const takeSteps = (ctx: TransitionContext, locked: SanctionRow): Promise<StepsTaken> =>
  takeStepsOf(ctx, locked, { readLife: recordedLifeOf, until: ctx.now });

/** Writes what its own rows had brought about by an instant, whatever becomes of it with others. */
export const applyOwnSteps = async (
  ctx: TransitionContext,
  locked: SanctionRow,
  until: Date,
): Promise<LockedRecord> => (await takeStepsOf(ctx, locked, { readLife: ownLifeOf, until })).record;

interface StepsTaken {
  readonly record: LockedRecord;
  readonly steps: number;
}

async function takeStepsOf(
  ctx: TransitionContext,
  locked: SanctionRow,
  { readLife, until }: { readLife: typeof recordedLifeOf; until: Date },
): Promise<StepsTaken> {
  let record = inHand(ctx, locked);
  for (let steps = 0; steps < mostSteps; steps++) {
    const step = nextStep(readLife(record), until);
    if (!step) return { record, steps };
    await apply(ctx, record, step);
    record = await record.refresh();
  }
  throw new RangeError(`${mostSteps} steps and no rest`);
}

async function apply(ctx: TransitionContext, record: LockedRecord, step: Step): Promise<void> {
  switch (step.event) {
    case 'visible':
      return recordVisible(record, step.at);
    case 'ended':
      return recordEnded(ctx, record, step.ended);
    case 'suspended':
      await suspend(ctx, record, { cause: step.cause, since: step.at });
      return;
    case 'relief-over':
      await lift(ctx, record, { causes: ['relief'], at: step.at });
      return;
    case 'relief-spared':
      // Nobody decided about relief, and none was due: the record goes on, and its creator reads that it does.
      await record.note({ event: step.event, at: step.at });
      return writeSpared(ctx.db, { appeal: record.appeal, at: step.at });
    case 'appeal-withdrawn':
      // By the creator 72 h ago, and not kept since.
      await closeAppeal(ctx, record, { as: 'withdrawn', at: step.at, event: step.event });
      return;
    case 'appeal-late':
      // Nobody decided, or the record had ended before.
      if (step.as === 'undelivered') await findUnfounded(ctx, record, step);
      else await closeAppeal(ctx, record, { as: step.as, at: step.at, event: 'appeal-undecided' });
      return;
  }
}

export const recordVisible = (record: LockedRecord, at: Date): Promise<void> =>
  record.note({
    event: 'visible',
    entry: 'sanction-visible',
    detail: { version: record.version },
    at,
  });
