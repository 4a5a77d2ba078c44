import type { OpInput, OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { findBook } from '../../review/journal-store.ts';

/** Shows a book to the trust keys of its own platform: it has no other name than that of the caller's party. */
export async function getBook(
  { db, caller }: CallContext,
  { book }: OpInput<'journals.getBook'>,
): Promise<OpOutput<'journals.getBook'>> {
  const row = await findBook(db, { party: caller.party, book });
  return row ? { book, version: row.version, jwe: row.jwe } : { book, version: 0 };
}
