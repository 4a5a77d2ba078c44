import type { EntryDetail } from '@recourse/protocol';
import type { TransitionContext } from '../records/transition-context.ts';
import { lockParty, updateParty } from './store.ts';
import { insertCause, liftCause, openCauses, type NewSuspension } from './suspension-store.ts';

type SuspendContext = Pick<TransitionContext, 'db' | 'changes'>;

/** Adds a cause that the panel or a rule brought, with its entry. */
export async function suspendParty(
  { db, changes }: SuspendContext,
  suspension: NewSuspension,
  detail: Pick<EntryDetail<'party-suspended'>, 'records'> = {},
): Promise<void> {
  const { party, cause, item } = suspension;
  await lockParty(db, party);
  if (!(await insertCause(db, suspension))) return;
  await updateParty(db, party, { submissionsSuspended: true });
  const what = 'submissions';
  changes.public('party-suspended', {
    party,
    what,
    why: cause,
    cause,
    ...(item === undefined ? {} : { item }),
    ...detail,
  });
}

/** Lifts one cause, and the flag where no other stands. @param lifting `by` the item by which the panel decided that */
export async function liftSuspension(
  { db, changes }: SuspendContext,
  lifting: { party: string; cause: string; at: Date; by?: string },
): Promise<void> {
  const { party, cause, by: item } = lifting;
  await lockParty(db, party);
  if (!(await liftCause(db, lifting))) return;
  const stands = (await openCauses(db, party)).map((one) => one.cause);
  if (stands.length === 0) await updateParty(db, party, { submissionsSuspended: false });
  changes.public('party-restored', {
    party,
    what: 'submissions',
    cause,
    ...(item === undefined ? {} : { item }),
    stands,
  });
}
