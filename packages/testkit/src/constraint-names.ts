import postgres from 'postgres';

/** Names of all constraints, unique indexes, triggers and policies that a database has. */
export async function constraintNames(ownerUrl: string): Promise<ReadonlySet<string>> {
  const sql = postgres(ownerUrl, { max: 1 });
  try {
    const rows = await sql<{ name: string }[]>`
      select conname as name from pg_constraint
      union select indexname from pg_indexes where indexdef like 'CREATE UNIQUE%'
      union select tgname from pg_trigger where not tgisinternal
      union select policyname from pg_policies`;
    return new Set(rows.map(({ name }) => name));
  } finally {
    await sql.end();
  }
}
