import { PassThrough, type Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { postgresAddresses } from '@recourse/registry';
import postgres, { type TransactionSql } from 'postgres';

/** One transaction on a connection of postgres.js, which can COPY; of several hosts the first that takes writes. */
export async function inTransaction<T>(
  url: string,
  options: string,
  work: (sql: TransactionSql) => Promise<T>,
): Promise<T> {
  const { places, isPooled } = postgresAddresses(url);
  for (const [index, place] of places.entries()) {
    const sql = postgres(place.url, {
      ...place.options,
      max: 1,
      prepare: !isPooled,
      fetch_types: false,
      onnotice: () => undefined,
    });
    try {
      const isLast = index === places.length - 1;
      const isWritable =
        isLast ||
        (await sql`select not pg_is_in_recovery() as yes`.catch(() => []))[0]?.['yes'] === true;
      if (isWritable) return (await sql.begin(options, work)) as T;
    } finally {
      await sql.end();
    }
  }
  throw new TypeError('a URL names a host');
}

/** What a COPY … TO STDOUT gives, to `read`, which takes it to its end or fails. */
export async function copyOut(
  sql: TransactionSql,
  statement: string,
  read: (rows: Readable) => Promise<unknown>,
): Promise<void> {
  const rows = await sql.unsafe(statement).readable();
  const out = new PassThrough();
  rows.on('error', (error) => out.destroy(error)).pipe(out);
  try {
    await read(out);
  } finally {
    // Where the reader failed the rest still comes, and the connection is free after it.
    rows.unpipe(out).resume();
    await finished(rows).catch(() => undefined);
    // postgres.js stops its socket while the stream is full, and does not notice that a full one has ended.
    if (rows.errored === null) rows._read(0);
  }
}
