import type { Id } from '@recourse/protocol';
import { countDueByKind, settleDue, type Services } from '@recourse/registry';
import { random32, testId, type TestRegistry } from '@recourse/testkit';
import { writeNextOf } from '../src/records/next-instant.ts';
import { suspend } from '../src/records/transition.ts';
import { resultOf } from './checks-fixture.ts';
import { act, days, tell } from './recalls-fixture.ts';
import { build, notify, submit } from './sanctions-harness.ts';

/** What waits for time alone, one sanction of each kind. */
export interface Cast {
  readonly unnoticed: string;
  readonly held: string;
  readonly draft: string;
  readonly relieved: string;
  readonly undelivered: string;
  readonly undecided: string;
  readonly withdrawn: string;
  readonly expiring: string;
}

const inDays = (registry: TestRegistry, n: number): Date =>
  new Date(registry.now().getTime() + n * days * 1_000);

const spam = (registry: TestRegistry, lifeDays: number) => ({
  statement: {
    reason: 'network.bulk-spam' as const,
    evidence: [{ class: 'volume-logs' as const, commitment: random32() }],
    exp: Math.floor(inDays(registry, lifeDays).getTime() / 1_000),
  },
});

export async function castOf(registry: TestRegistry): Promise<Cast> {
  const unnoticed = await submit(registry);
  const held = await submit(registry, spam(registry, 60));
  resultOf(await notify(registry, held.id));
  const expiring = await submit(registry, spam(registry, 20));
  resultOf(await notify(registry, expiring.id));
  const relieved = await tell(registry);
  await act(registry, relieved.sanction, async (ctx, record) => {
    const until = inDays(registry, 14);
    await suspend(ctx, record, { cause: 'relief', since: ctx.now, until });
  });
  return {
    unnoticed: unnoticed.id,
    held: held.id,
    draft: await draft(registry),
    relieved: relieved.sanction,
    undelivered: await appealed(registry, { evidence: 7 }),
    undecided: await appealed(registry, {}),
    withdrawn: await appealed(registry, { withdraws: 3 }),
    expiring: expiring.id,
  };
}

async function draft(registry: TestRegistry): Promise<string> {
  const answer = await registry.call(
    registry.parties.harbour.service,
    'sanctions.draft',
    await build(registry),
  );
  return (resultOf(answer) as { sanction: string }).sanction;
}

/** Told to Tubely, then appealed: with these clocks, in days. */
export async function appealed(
  registry: TestRegistry,
  days: { evidence?: number; withdraws?: number },
): Promise<string> {
  const { sanction } = await tell(registry);
  await openAppealRows(registry, sanction, days);
  return sanction;
}

/** An appeal with these clocks, in days, as its rows say. */
export async function openAppealRows(
  registry: TestRegistry,
  sanction: string,
  days: { evidence?: number; withdraws?: number },
): Promise<void> {
  const at = registry.now();
  const claimant = testId('clm', at);
  const { db } = registry;
  const after = (n: number | undefined): Date | null =>
    n === undefined ? null : inDays(registry, n);
  await db
    .insertInto('claimants')
    .values({
      id: claimant,
      sanction,
      secret: claimant,
      kind: 'self',
      acts_for: null,
      since: at,
      left_at: null,
    })
    .execute();
  const id = testId('snc', at).replace('snc', 'apl') as Id<'apl'>;
  await db
    .with('review', (cte) => cte.insertInto('reviews').values({ id, sanction }))
    .with('about', (cte) =>
      cte
        .insertInto('appeal_proofs')
        .columns(['appeal', 'sanction', 'proof'])
        .expression((from) =>
          from
            .selectFrom('sanctions')
            .select([from.val(id).as('appeal'), 'id', 'proof'])
            .where('id', '=', sanction)
            .where('proof', 'is not', null)
            .$narrowType<{ proof: string }>(),
        ),
    )
    .insertInto('appeals')
    .values({
      id,
      sanction,
      submitter: registry.parties.harbour.id,
      claimant,
      ground: 'not-me',
      language: 'en',
      words: Buffer.from('sealed'),
      reviewers: 1,
      opened_at: at,
      assignment_due_at: inDays(registry, 5),
      relief_due_at: null,
      relief_decided_at: null,
      relief_decided_as: null,
      evidence_due_at: after(days.evidence),
      evidence_lapses_at: after(days.evidence === undefined ? undefined : 2 * days.evidence),
      evidence_confirmed_at: null,
      decision_due_at: inDays(registry, 30),
      // Sooner than 180 d: within the standstill.
      undecided_at: inDays(registry, 45),
      withdraws_at: after(days.withdraws),
      bound: false,
      keeps_until: null,
      responded_at: null,
      response: null,
      closed_at: null,
      closed_as: null,
      outcome: null,
      cause: null,
    })
    .execute();
  await writeNextOf(db, [sanction]);
}

/** Runs as a server does, until a run finds nothing. @returns how many steps were written */
export async function settleAll(
  services: Services,
  options: { timersOnly?: boolean } = {},
): Promise<number> {
  for (let all = 0; ;) {
    const { settled, failures } = await settleDue(services, options);
    if (failures.length > 0) throw failures[0]!.error;
    if (settled === 0) return all;
    all += settled;
  }
}

/** What is due and not written, of all kinds together. */
export async function countDue(registry: TestRegistry): Promise<number> {
  const { deadlines } = registry.services;
  const counts = await countDueByKind(registry.db, { now: registry.now(), deadlines });
  return Object.values(counts).reduce((sum, n) => sum + n, 0);
}

/** Each sanction's history as event, cause and hours since the first line. */
export async function historiesOf(
  registry: TestRegistry,
  cast: Cast,
): Promise<Record<string, string[]>> {
  const histories: Record<string, string[]> = {};
  for (const [name, sanction] of Object.entries(cast)) {
    const rows = await registry.db
      .selectFrom('sanction_events')
      .select(['event', 'cause', 'at'])
      .where('sanction', '=', sanction as string)
      .orderBy('position')
      .execute();
    const start = rows[0]?.at.getTime() ?? 0;
    histories[name] = rows.map(({ event, cause, at }) =>
      [event, cause, Math.round((at.getTime() - start) / 3_600_000)].filter(Boolean).join(' '),
    );
  }
  return histories;
}
