import type { TestRegistry } from '@recourse/testkit';
import { expect } from 'vitest';
import { nextInstant, nextStep, type RecordedLife } from '../src/records/life.rules.ts';
import { nextInstantOf } from '../src/records/next-instant.ts';
import { recordedLifeOf } from '../src/records/record.ts';
import { sanctionRows } from '../src/records/store.ts';
import { findDue } from '../src/scheduler/store.ts';

/** By which the clock of another server is ahead, or behind. */
const skewMs = 2_000;

/** What its own rows say: a record that evades another is swept by what becomes of that one. */
const own = (life: RecordedLife): RecordedLife => ({ ...life, evaded: [] });

/**
 * What the scheduler finds due is what the rules say is due: now, by a clock that is ahead or behind, and at the next
 * instant of each life and a millisecond either side. Each record says when that is.
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
  const lives = new Map<string, RecordedLife>();
  for (const row of rows) {
    expect([row.id, row.next_at]).toEqual([row.id, nextInstantOf(row)]);
    const life = own(recordedLifeOf(row));
    lives.set(row.id, life);
    const next = nextInstant(life)?.getTime();
    if (next !== undefined) for (const ms of [-1, 0, 1]) instants.add(next + ms);
  }
  for (const instant of instants) {
    const at = new Date(instant);
    const found = new Set(await findDue(db, { now: at, limit: 1_000_000, except: [] }));
    for (const [id, life] of lives) {
      const step = nextStep(life, at);
      const next = nextInstant(life);
      const due = [found.has(id), next !== undefined && next <= at];
      expect({ id, at, life, due }).toEqual({ id, at, life, due: [step, step].map(Boolean) });
    }
  }
}
