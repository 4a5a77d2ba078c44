import type { TestRegistry } from '@recourse/testkit';
import { expect } from 'vitest';
import { nextInstant, nextStep, type Life } from '../src/records/life.rules.ts';
import { lifeOf } from '../src/records/record.ts';
import { historyOf, sanctionRows } from '../src/records/store.ts';
import { findDue } from '../src/scheduler/store.ts';

/** By which the clock of another server is ahead, or behind. */
const skewMs = 2_000;

/** What its own rows say: a record that evades another is swept by what becomes of that one. */
const own = (life: Life): Life => ({ ...life, evaded: [] });

/**
 * What the scheduler finds due is what the rules say is due: now, by a clock that is ahead or behind, and at the next
 * instant of each life and a millisecond either side.
 */
export async function expectSameLives(
  registry: TestRegistry,
  sanctions?: readonly string[],
): Promise<void> {
  const { db } = registry;
  const rows = await sanctionRows(db)
    .$if(sanctions !== undefined, (query) => query.where('s.id', 'in', [...sanctions!]))
    .execute();
  const now = registry.now().getTime();
  const instants = new Set([now, now - skewMs, now + skewMs]);
  const lives = new Map<string, { life: Life; recorded: ReadonlySet<string> }>();
  for (const row of rows) {
    const recorded = new Set<string>((await historyOf(db, row.id)).map(({ event }) => event));
    // A record that ended with the one it evades is not looked for again, to say that it was visible before.
    if (recorded.has('ended')) recorded.add('visible');
    const life = own(lifeOf(row));
    lives.set(row.id, { life, recorded });
    const next = nextInstant(life, recorded)?.getTime();
    if (next !== undefined) for (const ms of [-1, 0, 1]) instants.add(next + ms);
  }
  for (const instant of instants) {
    const at = new Date(instant);
    const found = new Set(await findDue(db, { now: at, limit: 1_000_000, except: [] }));
    for (const [id, { life, recorded }] of lives) {
      const step = nextStep(life, { recorded, now: at });
      const next = nextInstant(life, recorded);
      const due = [found.has(id), next !== undefined && next <= at];
      expect({ id, at, life, due }).toEqual({ id, at, life, due: [step, step].map(Boolean) });
    }
  }
}
