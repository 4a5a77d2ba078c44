import type { OpInput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { conflict, invalid } from '../../kernel/refusal.ts';
import { explainAlarms, openAlarmsOf } from '../../parties/alarm-store.ts';
import { logAct } from '../../parties/log-act.ts';
import { onPlatform, type Proposal } from '../../parties/on-platform.ts';
import { updateParty } from '../../parties/store.ts';
import { liftCause, openCauses, suspensionCauses } from '../../parties/suspension-store.ts';

/** Lifts what operators stopped. What the panel suspended, the panel alone gives back. */
export const restorePlatform = (
  ctx: CallContext,
  { party, explained }: OpInput<'platforms.restore'>,
): Promise<Proposal> =>
  onPlatform(ctx, party, {
    op: 'platforms.restore',
    check: async (row) => {
      await assertExplained(ctx, { party, explained });
      if (row.checks_stopped) return;
      if (!row.submissions_suspended) throw conflict('party', 'not-suspended');
      // Reviewers found it, and operators do not set their findings aside.
      const causes = (await openCauses(ctx.db, party)).map(({ cause }) => cause);
      if (causes.includes(suspensionCauses.operators) || causes.length === 0) return;
      throw conflict('party', 'not-by-operators');
    },
    change: async () => {
      await liftCause(ctx.db, { party, cause: suspensionCauses.operators, at: ctx.now });
      const stands = (await openCauses(ctx.db, party)).map(({ cause }) => cause);
      const restored = stands.length > 0 ? {} : { submissionsSuspended: false };
      await updateParty(ctx.db, party, { ...restored, checksStopped: false });
      if (explained) await explainAlarms(ctx.db, { party, explained, at: ctx.now });
      logAct(ctx, 'party-restored', {
        party,
        ...(explained ? { explained } : {}),
        ...(stands.length > 0 ? { stands } : {}),
      });
    },
  });

/** An alarm is lifted by what it was, in the log; without one there is nothing to explain. */
async function assertExplained(
  { db }: CallContext,
  { party, explained }: OpInput<'platforms.restore'>,
): Promise<void> {
  const isOpen = (await openAlarmsOf(db, party)).length > 0;
  if (isOpen && explained === undefined) throw invalid('explained', 'required');
  if (!isOpen && explained !== undefined) throw invalid('explained', 'nothing-to-explain');
}
