import { isRead, rowOf, type ActName } from './acts/table.ts';
import type { Literal } from './acts/row.ts';
import type { Came } from './acts/things.ts';
import type { Stage } from './world/stage.ts';

/** One act of a history. References name things by the act that made them, so it replays in a shorter one. */
export interface Act {
  readonly id: string;
  readonly by: string;
  readonly op: ActName;
  readonly refs: Readonly<Record<string, string>>;
  readonly literals: Readonly<Record<string, Literal>>;
}

/** Runs one act. @returns nothing where a reference names nothing here: then it is skipped. */
export async function perform(stage: Stage, act: Act): Promise<Came | undefined> {
  const row = rowOf(act.op);
  if (!row) return undefined;
  const refs: Record<string, never> = {};
  for (const [name, id] of Object.entries(act.refs)) {
    const thing = stage.things.find((one) => one.id === id);
    if (!thing) return undefined;
    refs[name] = thing.value as never;
  }
  stage.begin(act.id);
  return row.run({ stage, by: stage.who(act.by), refs, choice: act.literals });
}

/** Whether an accepted act may have changed what others may do. */
export const changesSomething = ({ op }: Act): boolean =>
  // It discloses.
  op === 'checks.match' || !isRead(op);
