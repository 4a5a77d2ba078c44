import { CompiledQuery, sql } from 'kysely';
import { connect } from '@recourse/registry';
import type { Rule } from './rule.ts';
import { edited } from './take-out.ts';

/**
 * Functions say what they would without a rule, and its guards are gone: the steps of the schema made them, so a changed
 * source would change nothing.
 * @param url as the owner of the schema
 */
export async function takeOutOfDatabase(
  url: string,
  { edits = [], drops = [] }: Rule,
): Promise<void> {
  const db = connect({ url, connections: 1 });
  const say = (statement: string) => db.executeQuery(CompiledQuery.raw(statement));
  for (const edit of edits) {
    if (edit.function === undefined) continue;
    const { rows } = await sql<{ text: string }>`
      select pg_get_functiondef(${edit.function}::regproc) as text`.execute(db);
    await say(edited(rows[0]?.text ?? '', edit));
  }
  for (const guard of drops) await say(guard);
  await db.destroy();
}
