import { reasons, type OpInput, type ReasonCode } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { invalid, refusal } from '../../kernel/refusal.ts';
import { logAct } from '../../parties/log-act.ts';
import { onPlatform, type Proposal } from '../../parties/on-platform.ts';
import { updateParty, type PartyRow } from '../../parties/store.ts';

/** Enables reasons that name a criminal offence, for a platform that recorded why it may process them. */
export const enableReasons = (
  ctx: CallContext,
  { party, reasons: codes }: OpInput<'taxonomy.enable'>,
): Promise<Proposal> =>
  onPlatform(ctx, party, {
    op: 'taxonomy.enable',
    check: (row) => assertEnablable(row, codes),
    change: async (row) => {
      const enabled = [...new Set([...row.enabled_reasons, ...codes])].sort();
      await updateParty(ctx.db, party, { enabledReasons: enabled });
      logAct(ctx, 'taxonomy', { taxonomy: '1', party, enabled });
    },
  });

function assertEnablable(row: PartyRow, codes: readonly ReasonCode[]): void {
  if (codes.some((code) => !reasons[code].namesCriminalOffence)) {
    throw invalid('reasons', 'needs-no-enabling');
  }
  // Data on offences are processed under a legal basis or not at all (GDPR, article 10).
  if ((row.registration?.legalBasis ?? 'none') === 'none') {
    throw refusal('reason-not-accepted', 'party', 'no-legal-basis');
  }
}
