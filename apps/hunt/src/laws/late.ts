import type { Stage } from '../world/stage.ts';
import type { Broken } from './law.ts';

// What the honest world comes to once it ran on to its deadlines, whatever enemies did before.

/** @returns the first promise with a deadline that was not kept */
export async function brokenLate(
  stage: Stage,
  enemies: ReadonlySet<string>,
): Promise<Broken | undefined> {
  const found = (await unnotified(stage)) ?? (await listedUnheard(stage, enemies));
  return found && { law: 'late', ...found };
}

type Late = Omit<Broken, 'law'>;

/** A week, and the days on which nobody works. */
const noticeDays = 12;

/** Each notice left within seven days, or is stated, or the record is withdrawn. */
async function unnotified({ registry }: Stage): Promise<Late | undefined> {
  const before = new Date(registry.now().getTime() - noticeDays * 86_400_000);
  const row = await registry.services.db
    .selectFrom('sanctions as s')
    .leftJoin('ends as e', 'e.sanction', 's.id')
    .select('s.id')
    .where('s.submitted_at', '<', before)
    .where('s.notified_at', 'is', null)
    .where('s.stated_at', 'is', null)
    .where('e.at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row && { kind: 'no notice', what: `${row.id} goes on, and nobody was told of it` };
}

/** Who appealed was decided about, or is shown to nobody while they wait. */
async function listedUnheard(
  stage: Stage,
  enemies: ReadonlySet<string>,
): Promise<Late | undefined> {
  const open = await stage.registry.services.db
    .selectFrom('appeals')
    .select(['id', 'sanction'])
    .where('closed_at', 'is', null)
    .where('bound', '=', false)
    .where('decision_due_at', '<', stage.registry.now())
    .execute();
  for (const { id, sanction } of open) {
    const { holder, value } =
      stage
        .all('claimant')
        .findLast((one) => one.value.sanction === sanction && isAbout(stage, one, enemies)) ?? {};
    if (!holder || !value) continue;
    const isTheirs = stage.facts.joined.some(
      (one) => one.by === holder && one.sanction === sanction,
    );
    const read = await stage.caseCall(stage.who(holder), 'case.open', { code: value.key });
    if (!isTheirs || read.result?.case.state !== 'visible') continue;
    return { kind: 'shown unheard', what: `${holder} waits for ${id}, and ${sanction} is shown` };
  }
  return undefined;
}

const isAbout = (
  stage: Stage,
  { holder, value }: { holder: string | null; value: { sanction: string } },
  enemies: ReadonlySet<string>,
): boolean =>
  holder !== null && !enemies.has(holder) && stage.record(value.sanction)?.about === holder;
