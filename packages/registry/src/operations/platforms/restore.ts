import type { OpInput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { conflict, invalid } from '../../kernel/refusal.ts';
import { explainAlarms, openAlarmsOf } from '../../parties/alarm-store.ts';
import { speechCauses, type SpeechCause } from '../../parties/expression.rules.ts';
import { logAct } from '../../parties/log-act.ts';
import { onPlatform, type Proposal } from '../../parties/on-platform.ts';
import { updateParty } from '../../parties/store.ts';
import {
  suspensionCauses,
  speechSuspensionOf,
  openCauses,
  liftCause,
} from '../../parties/suspension-store.ts';

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
      const found = await speechSuspensionOf(ctx.db, { party, now: ctx.now });
      const causes = (await openCauses(ctx.db, party)).map(({ cause }) => cause);
      if (liftable(causes, found).length > 0 || causes.length === 0) return;
      throw conflict('party', found ? `found-${found}` : 'not-by-operators');
    },
    change: async () => {
      const found = await speechSuspensionOf(ctx.db, { party, now: ctx.now });
      const causes = (await openCauses(ctx.db, party)).map(({ cause }) => cause);
      for (const cause of liftable(causes, found)) {
        await liftCause(ctx.db, { party, cause, at: ctx.now });
      }
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

/** What operators give back: what they stopped, and what was found of speech once that is 365 d ago. */
const liftable = (causes: readonly string[], found: SpeechCause | undefined): string[] =>
  causes.filter(
    (cause) =>
      cause === suspensionCauses.operators ||
      (!found && speechCauses.some((speech) => speech === cause)),
  );
