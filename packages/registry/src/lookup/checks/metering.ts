import { newId, Problem } from '@recourse/protocol';
import { commitChanges, noCaller } from '../../commit/commit-changes.ts';
import type { Services } from '../../context/context.ts';
import type { Db } from '../../kernel/database.ts';
import { Changes } from '../../commit/changes.ts';
import { insertAlarm } from '../../parties/alarm-store.ts';
import { lockParty, updateParty } from '../../parties/store.ts';
import { alarmOf, turnWindows, type Alarm } from './alarm.rules.ts';
import type { NewCheck, ReadEffects } from '../../commit/effects.ts';
import { refuseBeyond } from './asked.rules.ts';
import { clearCounts, writeWindows, type Charges, type Meter } from './meter-store.ts';
import { isKeptFor, leavesFor, secondsUntil, unserved } from './quota.rules.ts';
import type { UsedUp } from './used-up.ts';

/** What the calls of a group need of one bucket. */
export interface Need {
  readonly party: string;
  /** Units of calls that the whole bucket is for */
  readonly kept: number;
  /** Units of the others, which leave a fifth */
  readonly open: number;
}

/** Counts what a group costs; undefined for most, which evaluate nothing and ask nothing new. */
export function costsOf(
  effects: readonly ReadEffects[],
): (Pick<Charges, 'asked'> & { readonly needs: readonly Need[] }) | undefined {
  const needs = new Map<string, Need>();
  const questions = new Map<string, { empty: number; marks: Set<number> }>();
  for (const { check, asked } of effects) {
    if (check) needs.set(check.party, withCheck(needs.get(check.party), check));
    if (!asked) continue;
    const { empty, marks } = questions.get(asked.check) ?? { empty: 0, marks: new Set() };
    questions.set(asked.check, {
      empty: Math.max(empty, asked.empty),
      marks: marks.union(new Set(asked.marks)),
    });
  }
  if (needs.size + questions.size === 0) return undefined;
  return {
    needs: [...needs.values()],
    asked: [...questions].map(([check, { empty, marks }]) => ({ check, empty, marks: [...marks] })),
  };
}

function withCheck(need: Need | undefined, { party, purpose, elements }: NewCheck): Need {
  const { kept, open } = need ?? { kept: 0, open: 0 };
  return isKeptFor(purpose)
    ? { party, kept: kept + elements, open }
    : { party, kept, open: open + elements };
}

/** The places of the reads that together ask more under a check than it evaluated: the group goes without them. */
export const askedBeyond = (effects: readonly ReadEffects[]): Map<number, Problem> =>
  refuseBeyond(effects.map(({ asked }) => asked));

/** The places of the reads that there were no units for, each with its refusal: the group goes again without them. */
export function overdrawn(
  effects: readonly ReadEffects[],
  meters: readonly Meter[],
  { usedUp, now }: { usedUp: UsedUp; now: Date },
): Map<number, Problem> {
  const refused = new Map<number, Problem>();
  for (const { party, bucket, spent } of meters) {
    const calls = effects.flatMap(({ check }, place) =>
      check?.party === party
        ? [{ place, units: check.elements, leaves: leavesFor(check.purpose, bucket) }]
        : [],
    );
    const left = bucket - spent + calls.reduce((sum, { units }) => sum + units, 0);
    const without = unserved(calls, left);
    if (without.length > 0) usedUp.note(party, { size: bucket, left }, now);
    for (const { place, units, leaves } of without) {
      const retryAfterSeconds = secondsUntil(units + leaves, { size: bucket, left });
      refused.set(place, new Problem('quota-exceeded', { retryAfterSeconds }));
    }
  }
  return refused;
}

type AlarmContext = Pick<Services, 'random'> & Pick<Charges, 'share' | 'now'>;

/** Closes and judges windows, and raises what they show, in the transaction of the charge. */
export async function watch(
  db: Db,
  meters: readonly Meter[],
  raising: AlarmContext,
): Promise<void> {
  for (const meter of meters) {
    const { party } = meter;
    const { windows, looked } = turnWindows(meter, raising.now);
    const alarm = alarmOf(looked, { ...meter, share: raising.share ?? 1 });
    if (alarm) await stopChecks(db, { party, alarm }, raising);
    else if (windows !== meter) await writeWindows(db, party, windows);
  }
}

/** Stops the checks of a platform until its alarm is explained: two operators lift it, with what it was in the log. */
async function stopChecks(
  db: Db,
  { party, alarm }: { party: string; alarm: Alarm },
  { random, now }: AlarmContext,
): Promise<void> {
  await clearCounts(db, party);
  await lockParty(db, party);
  await insertAlarm(db, { id: newId('evt', { now, random }), ...alarm, party, at: now });
  await updateParty(db, party, { checksStopped: true });
  const unique = (): string => newId('evd', { now, random });
  const changes = new Changes({ caller: noCaller, now, unique });
  changes.public('party-suspended', { party, what: 'checks', why: alarm.kind });
  await commitChanges({ db, changes, now });
}
