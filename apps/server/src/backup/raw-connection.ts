import type { Readable } from 'node:stream';
import { openSession } from '@recourse/registry';
import type { Sql } from 'postgres';
import { unreachable } from '../database.ts';
import { ServerError } from '../errors.ts';

/**
 * One transaction on a connection of its own, which can COPY. Where the work fails the connection is given up, and
 * PostgreSQL rolls back.
 * @throws ServerError `database_unreachable` where the connection is lost, or what the work throws
 */
export async function inTransaction<T>(
  url: string,
  options: string,
  work: (sql: Sql) => Promise<T>,
): Promise<T> {
  const session = await openSession(url).catch((cause: unknown) => {
    throw unreachable(cause);
  });
  try {
    await session.run((sql) => sql.unsafe(`begin ${options}`));
    // Settled, so that an error of the work itself is not taken for one of the connection.
    const [done] = await session.run((sql) => Promise.allSettled([work(sql)]));
    if (done.status === 'rejected') throw done.reason;
    await session.run((sql) => sql.unsafe('commit'));
    return done.value;
  } catch (error) {
    const isLost = session.isLost || isShutDown(error);
    session.lose(error);
    throw isLost ? lost(error) : error;
  } finally {
    await session.close();
  }
}

/**
 * Gives the output of a COPY … TO STDOUT to `read`, which takes it to its end or fails; then the transaction fails,
 * too.
 */
export async function copyOut(
  sql: Sql,
  statement: string,
  read: (rows: Readable) => Promise<unknown>,
): Promise<void> {
  const rows = await sql.unsafe(statement).readable();
  await read(rows);
  // postgres.js stops its socket while the stream is full, and does not notice that a full one has ended.
  rows._read(0);
}

/** SQLSTATE class 57P: an administrator ended the connection, or the server stops. */
const isShutDown = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('57P');

const lost = (cause: unknown): ServerError =>
  new ServerError(
    'database_unreachable',
    'The connection to PostgreSQL was lost, and nothing was finished. Look whether it runs, then run the command again; a backup takes a new folder.',
    { cause },
  );
