import { randomBytes } from 'node:crypto';
import { newId } from '@recourse/protocol';
import type { Db } from '@recourse/registry';

/** Commits rows one by one, durably: the least that a call which leaves a trace can do. @returns milliseconds of each */
export async function commitRows(db: Db, count: number): Promise<number[]> {
  const { id: party } = await db
    .selectFrom('parties')
    .select('id')
    .where('name', '=', 'Tubely')
    .executeTakeFirstOrThrow();
  const milliseconds: number[] = [];
  for (let i = 0; i < count; i++) {
    const at = new Date();
    const id = newId('chk', { now: at, random: (size) => randomBytes(size) });
    const common = { party, purpose: 'monetisation', elements: 1 } as const;
    const begun = performance.now();
    await db
      .insertInto('checks')
      .values({ id, ...common, proven_at: null, ref: null, at })
      .execute();
    milliseconds.push(performance.now() - begun);
  }
  return milliseconds;
}
