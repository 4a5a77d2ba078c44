import { random32, keyOf } from './keys.ts';
import { row } from './row.ts';
import { disputeWords } from './things.ts';

const reviewer = ['reviewer'] as const;
const seat = { seat: 'seat' } as const;

/** Acts of reviewers on what a submitter delivered. */
export const evidenceActs = {
  'evidence.open': row({
    who: reviewer,
    needs: seat,
    run: ({ stage, by, refs }) =>
      stage.call(by, keyOf(by), 'evidence.open', {
        appeal: refs.seat.appeal,
        item: 0,
      }),
  }),
  'evidence.confirm': row({
    who: reviewer,
    needs: seat,
    run: ({ stage, by, refs }) =>
      stage.call(by, keyOf(by), 'evidence.confirm', {
        appeal: refs.seat.appeal,
      }),
  }),
  'evidence.reject': row({
    who: reviewer,
    needs: seat,
    choices: { why: ['illegal-media', 'third-party-data'] },
    run: ({ stage, by, refs, choice }) =>
      stage.call(by, keyOf(by), 'evidence.reject', {
        appeal: refs.seat.appeal,
        item: 0,
        why: choice.why,
      }),
  }),
  'evidence.dispute': row({
    who: reviewer,
    needs: seat,
    run: ({ stage, by, refs }) =>
      stage.call(by, keyOf(by), 'evidence.dispute', {
        appeal: refs.seat.appeal,
        item: 0,
        contentKey: random32(),
      }),
  }),
  'evidence.recheck': row({
    who: reviewer,
    run: async ({ stage, by }) => {
      const came = await stage.call(by, keyOf(by), 'evidence.recheck', {});
      if (!came.result) return came;
      const { appeal, item, sanction } = came.result;
      stage.make('dispute', { appeal, item }, by.name);
      stage.facts.rechecks.push({ by: by.name, sanction });
      return came;
    },
  }),
  'evidence.disputed': row({
    who: reviewer,
    needs: { dispute: 'dispute' },
    run: ({ stage, by, refs }) => stage.call(by, keyOf(by), 'evidence.disputed', refs.dispute),
  }),
  'evidence.settle': row({
    who: reviewer,
    needs: { dispute: 'dispute' },
    choices: { says: disputeWords },
    run: ({ stage, by, refs, choice }) =>
      stage.call(by, keyOf(by), 'evidence.settle', {
        ...refs.dispute,
        says: choice.says,
      }),
  }),
};
