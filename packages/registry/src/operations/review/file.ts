import type { OpInput, OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { found } from '../../kernel/refusal.ts';
import { fileOf, openFile } from '../../review/case-store.ts';
import { claimantsOf } from '../../review/join-store.ts';
import { findInspection } from '../../review/inspection-store.ts';
import { findTaken } from '../../review/lock-review.ts';

export async function readFile(
  ctx: CallContext,
  { appeal: id, file: position }: OpInput<'review.file'>,
): Promise<OpOutput<'review.file'>> {
  const { record } = await findTaken(ctx, id);
  const appeal = (await findInspection(ctx.db, id))?.appeal ?? id;
  const read = await claimantsOf(ctx.db, appeal);
  const row = found(await fileOf(ctx.db, { appeal, position }), ({ claimant }) =>
    read.has(claimant),
  );
  return openFile(ctx.services.vault.keyOf(record), row);
}
