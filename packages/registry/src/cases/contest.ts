import { toTimestamp, type CaseInput, type CaseOutput } from '@recourse/protocol';
import { refusal } from '../sanctions/refusal.ts';
import { lockByKey } from './access.ts';
import type { CaseContext } from './context.ts';
import { askWhoseCase, openContest, sayWhy } from './contest-by-panel.ts';
import { takeFrom } from './hand-over.ts';
import { liveHolder } from './holder-store.ts';

/**
 * Whoever proved an identifier takes a case from whoever claimed it by its code: codes are made by the submitter's
 * side, and so are its tickets; proofs are not. Between two proofs reviewers decide; until then the earlier holder acts.
 */
export async function contestCase(
  ctx: CaseContext,
  { key: secret, words }: CaseInput<'case.contest'>,
): Promise<CaseOutput<'case.contest'>> {
  const { record, key } = await lockByKey(ctx, secret);
  const holder = await liveHolder(ctx.db, record.id);
  if (!holder) throw refusal('state-conflict', 'key', 'not-claimed');
  const open = await openContest(ctx, record);
  if (open) return sayWhy(ctx, record, { open, key, words });
  if (key.key_hash === holder.key_hash) throw refusal('state-conflict', 'key', 'own');
  // By a ticket of the platform that made the record, which has the code as well; or given by the holder.
  if (key.way !== 'found') throw refusal('state-conflict', 'key', 'not-proven');
  if (holder.way !== 'code') return askWhoseCase(ctx, record, { holder, key, words });
  const voided = await takeFrom(ctx, record, {
    from: holder.key_hash,
    to: key.key_hash,
    proven: false,
  });
  return { contestedAt: toTimestamp(ctx.now), voided };
}
