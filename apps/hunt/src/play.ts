import { isRead, rowOf, type ActName } from './acts/table.ts';
import type { Literal } from './acts/row.ts';
import type { Came, Thing } from './acts/things.ts';
import type { Stage } from './world/stage.ts';

/** One act of a history. References name things by the act that made them, so it replays in a shorter one. */
export interface Act {
  readonly id: string;
  readonly by: string;
  readonly op: ActName;
  readonly refs: Readonly<Record<string, string>>;
  readonly literals: Readonly<Record<string, Literal>>;
}

const nobody: ReadonlySet<string> = new Set();

/**
 * Runs one act.
 * @param enemies what one of them knows, all of them know
 * @returns nothing where a reference names nothing here, or a secret of somebody else: then it is skipped
 */
export async function perform(
  stage: Stage,
  act: Act,
  enemies: ReadonlySet<string> = nobody,
): Promise<Came | undefined> {
  const row = rowOf(act.op);
  if (!row) return undefined;
  const refs: Record<string, never> = {};
  for (const [name, id] of Object.entries(act.refs)) {
    const thing = stage.things.find((one) => one.id === id);
    if (!thing || !knows(act.by, thing, enemies)) return undefined;
    refs[name] = thing.value as never;
  }
  stage.begin(act.id);
  const came = await row.run({ stage, by: stage.who(act.by), refs, choice: act.literals });
  if (came.accepted) stage.facts.done.push({ ...act, at: stage.now, result: came.result });
  return came;
}

const knows = (name: string, { holder }: Thing, enemies: ReadonlySet<string>): boolean =>
  holder === null || holder === name || (enemies.has(name) && enemies.has(holder));

/** Whether an accepted act may have changed what others may do. */
export const changesSomething = ({ op }: Act): boolean =>
  // It discloses.
  op === 'checks.match' || !isRead(op);
