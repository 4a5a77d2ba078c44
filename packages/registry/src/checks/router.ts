import { Problem, toTimestamp } from '@recourse/protocol';
import { implement } from '../procedure.ts';
import { evaluate } from './evaluate.ts';
import { match } from './match.ts';
import { owedCursor, owedPageSize, readOwedCursor, type OwedMatch } from './owed.ts';
import { report } from './report.ts';
import { listOwed } from './store.ts';

export const checks = {
  evaluate: implement('checks.evaluate', evaluate),
  match: implement('checks.match', match),
  report: implement('checks.report', report),

  owed: implement('checks.owed', async (ctx, input) => {
    const after = input.cursor === undefined ? undefined : readOwedCursor(input.cursor);
    if (input.cursor !== undefined && !after) {
      throw new Problem('invalid-input', { issues: [{ path: 'cursor', code: 'unknown' }] });
    }
    const limit = input.limit ?? owedPageSize;
    const owed = await listOwed(ctx.db, { party: ctx.caller.party, after, limit });
    const last = owed.length === limit ? owed.at(-1) : undefined;
    return { owed: owed.map(toOwed), ...(last ? { next: owedCursor(last) } : {}) };
  }),
};

const toOwed = ({ id, toldAt, dueAt, outcome, ...rest }: OwedMatch) => ({
  ...rest,
  match: id,
  toldAt: toTimestamp(toldAt),
  dueAt: toTimestamp(dueAt),
  ...(outcome === null ? {} : { outcome }),
});
