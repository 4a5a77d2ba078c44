import process from 'node:process';
import { connect, countReport, Vault } from '@recourse/registry';
import type { CountAnswer, CountJob } from '../count-apart.ts';

// The process that counts one report. It is told what it needs and holds nothing else: of all secrets the vault key, and
// of the database what the service role may read.
process.once('message', (job: CountJob) => {
  void count(job)
    .catch((error: unknown): CountAnswer => ({ failed: classOf(error) }))
    .then((answer) => process.send?.(answer, () => process.disconnect()));
});

// The server has ended, or has given up.
process.once('disconnect', () => process.exit());

async function count({ url, vaultKey, now, deadlines, stated }: CountJob): Promise<CountAnswer> {
  // Without the timeouts of a server: a statement here may read a table whole.
  const db = connect({ url, connections: 1 });
  const vault = new Vault(Buffer.from(vaultKey, 'base64'));
  const clock = (): Date => new Date(now);
  const { at, document } = await countReport({ db, vault, clock, deadlines }, stated);
  await db.destroy();
  return { at: at.getTime(), document };
}

/** Never its message, which may quote values. */
const classOf = (error: unknown): string =>
  error instanceof Error ? String('code' in error ? error.code : error.name) : 'unknown';
