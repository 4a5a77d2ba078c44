import {
  Problem,
  registrationRecord,
  registrationRecordName,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import { isSandbox } from '../commit/facts-store.ts';
import type { CallContext } from '../context/context.ts';
import { refusal } from '../kernel/refusal.ts';
import { lockParty, type PartyRow } from './store.ts';
import { byTwoHolders } from './two-holders.ts';

export type Proposal = OpOutput<'platforms.register'>;

/**
 * Whoever holds the domain published the invite's hash there: a registration under a name that is another's
 * is refused. The names of a sandbox are reserved ones, which nobody can publish anything under.
 */
export async function assertDomainProven(
  { db, services }: CallContext,
  { domain, invite }: { domain: string; invite: string },
): Promise<void> {
  if (await isSandbox(db)) return;
  const records = await services.proofs.txtRecords(registrationRecordName(domain));
  if (!records.includes(registrationRecord(invite))) {
    throw refusal('control-not-proven', 'registration.domain', 'no-txt-record');
  }
}

interface PlatformAct {
  readonly op: 'platforms.suspend' | 'platforms.restore' | 'platforms.setQuota' | 'taxonomy.enable';
  check?(row: PartyRow): Promise<void> | void;
  change(row: PartyRow): Promise<void>;
}

/** A two-holder act on one platform, locked and checked for both calls. */
export async function onPlatform(
  ctx: CallContext,
  party: OpInput<'platforms.restore'>['party'],
  act: PlatformAct,
): Promise<Proposal> {
  let row: PartyRow;
  return byTwoHolders(ctx, {
    op: act.op,
    check: async () => {
      row = await lockPlatform(ctx, party);
      await act.check?.(row);
    },
    execute: async () => {
      await act.change(row);
      return party;
    },
  });
}

export async function lockPlatform(ctx: CallContext, id: string): Promise<PartyRow> {
  const row = await lockParty(ctx.db, id);
  if (!row) throw new Problem('not-found');
  return row;
}
