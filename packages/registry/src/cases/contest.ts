import { toTimestamp, type CaseInput, type CaseOutput } from '@recourse/protocol';
import { closeAppeal } from '../sanctions/appeal-closing.ts';
import { refusal } from '../sanctions/refusal.ts';
import type { SanctionRow } from '../sanctions/store.ts';
import { lockByKey } from './access.ts';
import { setWithdrawsAt } from './appeal-store.ts';
import { openAppealWay } from './contest-store.ts';
import { deleteContacts } from './contact-store.ts';
import type { CaseContext } from './context.ts';
import { endAllAccess } from './giving-access.ts';
import { changeHolder, endHolder, liveHolder } from './holder-store.ts';

/**
 * Whoever proved an identifier takes a case from whoever claimed it by its code: codes are made by the submitter's
 * side, and so are its tickets; proofs are not. Their open appeal is void, with a withdrawal that was under way; what was decided stands.
 */
export async function contestCase(
  ctx: CaseContext,
  { key: secret }: CaseInput<'case.contest'>,
): Promise<CaseOutput<'case.contest'>> {
  const { record, key } = await lockByKey(ctx, secret);
  const holder = await liveHolder(ctx.db, record.id);
  if (!holder) throw refusal('state-conflict', 'key', 'not-claimed');
  if (key.key_hash === holder.key_hash) throw refusal('state-conflict', 'key', 'own');
  // By a ticket of the platform that made the record, which has the code as well; or given by the holder.
  if (key.way !== 'found') throw refusal('state-conflict', 'key', 'not-proven');
  // A reviewer decides between two who proved an identifier each.
  if (holder.way !== 'code') throw refusal('state-conflict', 'key', 'held-by-proof');
  await endHolder(ctx.db, holder.key_hash, { as: 'contested', at: ctx.now });
  await deleteContacts(ctx.db, { holder: holder.key_hash });
  await endAllAccess(ctx, record);
  await changeHolder(ctx.db, key.key_hash, { holds: true });
  return { contestedAt: toTimestamp(ctx.now), voided: await voidOpen(ctx, record) };
}

async function voidOpen(ctx: CaseContext, record: SanctionRow): Promise<string[]> {
  if (record.appeal === null) return [];
  const way = await openAppealWay(ctx.db, record.id);
  // Opened by nobody: it goes on from an earlier record, and whoever withdrew it had no right to.
  if (way === undefined) await setWithdrawsAt(ctx.db, record.appeal, null);
  // By them, or by whom they gave access.
  if (way === undefined || way === 'found') return [];
  await closeAppeal(ctx, record, { as: 'void', at: ctx.now, event: 'appeal-void' });
  return [record.appeal];
}
