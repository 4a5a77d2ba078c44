import { closeLate, withdrawAppeal } from './appeal-closing.ts';
import { recordEnded } from './ending.ts';
import { nextStep, type Step } from './life.rules.ts';
import type { LockedRecord, TransitionContext } from './transition-context.ts';
import { inHand } from './lock-record.ts';
import { lifeOf } from './record.ts';
import { historyOf, type SanctionRow } from './store.ts';
import { lift, suspend } from './transition.ts';

/** No sanction has more than this waiting for it; a rule that never came to rest would show here. */
const mostSteps = 16;

/**
 * What time alone has done to a locked sanction is written before anything else is done to it, one step
 * after the other, each at the instant it fell due.
 * @returns the sanction as it is then
 */
export const materialise = async (
  acting: TransitionContext,
  locked: SanctionRow,
): Promise<LockedRecord> => (await takeSteps(acting, locked)).record;

/** The same, and how many steps there were. */
export async function takeSteps(
  acting: TransitionContext,
  locked: SanctionRow,
): Promise<{ record: LockedRecord; steps: number }> {
  let record = inHand(acting, locked);
  for (let steps = 0; steps < mostSteps; steps++) {
    const history = await historyOf(acting.db, record.id);
    const recorded = new Set(history.map(({ event }) => event));
    const step = nextStep(lifeOf(record), { recorded, now: acting.now });
    if (!step) return { record, steps };
    await apply(acting, record, step);
    record = await record.refresh();
  }
  throw new RangeError(`${mostSteps} steps and no rest`);
}

async function apply(acting: TransitionContext, record: LockedRecord, step: Step): Promise<void> {
  switch (step.event) {
    case 'visible':
      return recordVisible(record, step.at);
    case 'ended':
      return recordEnded(acting, record, step.ended);
    case 'suspended':
      await suspend(acting, record, { cause: step.cause, since: step.at });
      return;
    case 'relief-over':
      await lift(acting, record, { causes: ['relief'], at: step.at });
      return;
    case 'appeal-withdrawn':
      await withdrawAppeal(acting, record, step.at);
      return;
    case 'appeal-late':
      await closeLate(acting, record, step);
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
