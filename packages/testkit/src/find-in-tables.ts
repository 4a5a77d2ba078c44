import { sql, type Kysely } from 'kysely';

export interface Found {
  /** Tables in which the text is, in clear or as bytes; none of them where it never got there in clear */
  readonly tables: readonly string[];
  /** How many tables and characters were read */
  readonly read: { readonly tables: number; readonly characters: number };
}

/** Looks for a text in every table of the schema: in clear, and as its bytes in hex and base64. */
export async function findInTables<T>(ownerDb: Kysely<T>, text: string): Promise<Found> {
  const { rows } = await sql<{ name: string }>`select c.relname as name from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p')`.execute(ownerDb);
  const forms = formsOf(text);
  const tables: string[] = [];
  let characters = 0;
  for (const { name } of rows) {
    const found = await sql<{
      text: string;
    }>`select t::text as text from ${sql.table(name)} t`.execute(ownerDb);
    for (const row of found.rows) {
      characters += row.text.length;
      if (forms.some((form) => row.text.includes(form))) tables.push(name);
    }
  }
  return { tables, read: { tables: rows.length, characters } };
}

/** In base64 a text looks different by where it begins within three bytes. Its last characters depend on what follows. */
function formsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const shifted = [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const inner = (form: 'base64' | 'base64url'): string =>
      padded
        .toString(form)
        .replace(/=+$/, '')
        .slice(before === 0 ? 0 : 4, -2);
    return [inner('base64'), inner('base64url')];
  });
  return [text, bytes.toString('hex'), ...new Set(shifted)];
}
