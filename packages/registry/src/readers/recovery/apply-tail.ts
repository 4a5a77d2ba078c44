import { retrying } from '../../kernel/retry.ts';
import { applyDueSteps } from '../../records/apply-due-steps.ts';
import { standingOf } from '../../records/record.ts';
import { lockRecord } from '../../records/lock-record.ts';
import { onItsOwn } from '../../records/on-its-own.ts';
import { suspend } from '../../records/transition.ts';
import { applyToPair } from './apply-to-pair.ts';
import { applyToParty, changesParty } from './apply-to-party.ts';
import { applyToSanction, isHeldBack } from './apply-to-sanction.ts';
import type { ApplyContext, RecoveryServices } from './applying.ts';
import { restored } from './as-logged.ts';
import type { KnownCases } from './known-cases.ts';
import { RecoveryRefusal } from './recovery-refusal.ts';
import { advanceRecovery, lockRecovery, type OpenRecovery } from '../../log/recovery-store.ts';
import { changesOf, type LoggedChange, type Tail } from './tail.ts';

export interface ApplyingTail {
  readonly services: RecoveryServices;
  readonly tail: Tail;
  readonly cases: KnownCases;
}

/**
 * Does what the tail says, change by change in the order of the log, each in a transaction with the place that it
 * brings the recovery to: a crash leaves whole changes, and the next run goes on after them.
 * @throws RecoveryRefusal `busy`
 */
export async function applyTail(applying: ApplyingTail, begun: OpenRecovery): Promise<void> {
  let at = begun.applied;
  for await (const change of changesOf(applying.services.db, applying.tail, begun.applied)) {
    if (!takesEffect(change)) continue;
    at = await step(applying, at, {
      to: change.index + 1,
      apply: (now) => applyChange(now, change),
    });
  }
  await step(applying, at, { to: applying.tail.to, apply: async () => undefined });
}

const takesEffect = ({ entry }: LoggedChange): boolean =>
  'ref' in entry || 'pair' in entry || changesParty(entry.type);

async function applyChange(applying: ApplyContext, change: LoggedChange): Promise<void> {
  const { entry } = change;
  if ('ref' in entry) return applyToSanction(applying, { ...change, entry });
  if ('pair' in entry) return applyToPair(applying, entry);
  if ('detail' in entry) return applyToParty(applying, entry);
}

const step = (
  { services, tail, cases }: ApplyingTail,
  from: number,
  { to, apply }: { to: number; apply: (applying: ApplyContext) => Promise<void> },
): Promise<number> =>
  retrying(() =>
    services.db.transaction().execute(async (db) => {
      const open = await lockRecovery(db);
      if (open?.applied !== from) throw new RecoveryRefusal('busy');
      const counts = { ...open.counts };
      await apply({ db, now: services.clock(), services, tail, cases, counts });
      await advanceRecovery(db, { applied: to, counts });
      return to;
    }),
  );

/**
 * Suspends what the log leaves open. Nobody has said that yet: it is logged, and everyone told pauses. Done
 * again it changes nothing.
 */
export async function suspendUnresolved({ services, tail, cases }: ApplyingTail): Promise<void> {
  const sanctions = [...tail.unresolved].flatMap((ref) => cases.refs.get(ref) ?? []).toSorted();
  for (const sanction of sanctions) await suspendOne(services, sanction);
}

const suspendOne = (services: RecoveryServices, sanction: string): Promise<void> =>
  onItsOwn(services, async (ctx) => {
    const locked = await lockRecord(ctx, sanction);
    if (!locked?.submitted_at || locked.erased_at || isHeldBack(locked)) return;
    const record = await applyDueSteps(ctx, locked);
    if (!standingOf(record, ctx.now).ended) {
      await suspend(ctx, record, { cause: restored, since: ctx.now });
    }
  });
