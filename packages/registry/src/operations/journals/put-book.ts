import { Problem, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { conflict } from '../../kernel/refusal.ts';
import { lockParty } from '../../parties/store.ts';
import { assertEncryption } from '../../review/evidence.rules.ts';
import { versionOfBook, writeBook } from '../../review/journal-store.ts';
import { assertSealedToColleagues } from '../../review/sealed-to-colleagues.ts';

/**
 * Writes the next version of a book of the caller's platform. Who is called what is said by an admin key alone: a member
 * could give a key of their own the name of somebody else.
 */
export async function putBook(
  ctx: CallContext,
  { book, after, jwe }: OpInput<'journals.putBook'>,
): Promise<OpOutput<'journals.putBook'>> {
  const { db, now, caller } = ctx;
  const { kid, party, admin } = caller;
  if (book === 'names' && !admin) throw new Problem('role-not-allowed');
  assertEncryption(jwe);
  // Of two colleagues who write at once, the second one has not read what the first one wrote.
  await lockParty(db, party);
  const version = await versionOfBook(db, { party, book });
  if (after !== version) throw conflict('after', 'book-changed');
  await assertSealedToColleagues(ctx, jwe);
  await writeBook(db, { party, book, version: version + 1, kid, at: now, jwe });
  return { book, version: version + 1 };
}
