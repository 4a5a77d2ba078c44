import {
  Problem,
  reasons,
  registrationRecord,
  registrationRecordName,
  type OpInput,
  type OpOutput,
  type ReasonCode,
} from '@recourse/protocol';
import { speechCauses, type SpeechCause } from './expression.rules.ts';
import {
  suspensionCauses,
  insertCause,
  liftCause,
  openCauses,
  speechSuspensionOf,
} from './suspending.ts';
import type { CallContext } from '../context/context.ts';
import { invalid, refusal, conflict } from '../kernel/refusal.ts';
import { isSandbox } from '../commit/facts-store.ts';
import { explainAlarms, openAlarmsOf } from './alarm-store.ts';
import { isBeyondDeclared } from './declared.rules.ts';
import { freshId } from './fresh-id.ts';
import { openInvite } from './invite-person.ts';
import { logAct } from './log-act.ts';
import { joining } from '../records/membership.rules.ts';
import { hasInvite, insertHolder } from './people-store.ts';
import { assertPlatformGroup } from './set-group.ts';
import {
  findParty,
  hasDomain,
  insertParty,
  lockParty,
  stopParty,
  updateParty,
  type PartyRow,
} from './store.ts';
import { byTwoHolders } from './two-holders.ts';

type Proposal = OpOutput<'platforms.register'>;

/** Registers a platform, and opens the invite of its first admin, a trust key. */
export async function registerPlatform(
  ctx: CallContext,
  input: OpInput<'platforms.register'>,
): Promise<Proposal> {
  const { registration, invite } = input;
  // Before any lock: a name server may take seconds.
  await assertDomainProven(ctx, { domain: registration.domain, invite });
  const membership = joining(ctx.now, ctx.services.deadlines);
  return byTwoHolders(ctx, {
    op: 'platforms.register',
    check: () => assertRegistrable(ctx, input),
    propose: () => {
      logAct(ctx, 'party-proposed', { registration });
    },
    execute: async () => {
      const party = freshId('plt', ctx);
      const holder = freshId('hld', ctx);
      const { name } = registration;
      const row = { id: party, kind: 'platform', name, registration, membership } as const;
      if (!(await insertParty(ctx.db, { ...row, registeredAt: ctx.now }))) throw domainTaken();
      await insertHolder(ctx.db, { id: holder, party });
      await openInvite(ctx, { codeHash: invite, party, holder, role: 'trust', admin: true });
      logAct(ctx, 'party-registered', {
        party,
        registration,
        ...windowOf(membership),
      });
      return party;
    },
  });
}

/** The dates of a new party as its entry states them: a copy of the log regains them as they were. */
const windowOf = ({ objectionsUntil, probationUntil }: ReturnType<typeof joining>) => ({
  objectionsUntil: objectionsUntil.toISOString(),
  probationUntil: probationUntil.toISOString(),
});

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

async function assertRegistrable(
  ctx: CallContext,
  { registration, invite }: OpInput<'platforms.register'>,
): Promise<void> {
  assertPlatformGroup('registration.group', registration.group);
  if (await hasDomain(ctx.db, registration.domain)) throw domainTaken();
  if (await hasInvite(ctx.db, invite)) throw conflict('invite', 'used');
}

/** Stops submissions or checks. Acknowledging, evidence, responses, withdrawal and keys stay open. */
export const suspendPlatform = (
  ctx: CallContext,
  { party, what, why }: OpInput<'platforms.suspend'>,
): Promise<Proposal> =>
  onPlatform(ctx, party, {
    op: 'platforms.suspend',
    change: async (row) => {
      const submissionsSuspended = what !== 'checks' || row.submissions_suspended;
      const checksStopped = what !== 'submissions' || row.checks_stopped;
      if (what !== 'checks') {
        await stopParty(ctx.db, party);
        await insertCause(ctx.db, { party, cause: suspensionCauses.operators, since: ctx.now });
      }
      await updateParty(ctx.db, party, { submissionsSuspended, checksStopped });
      logAct(ctx, 'party-suspended', { party, what, why });
    },
  });

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

/**
 * Sets daily bounds. One holder may, up to the signups that the platform declared; beyond them it takes two, so that
 * nobody of the operator alone lets an accomplice look up a country.
 */
export async function setQuota(
  ctx: CallContext,
  input: OpInput<'platforms.setQuota'>,
): Promise<OpOutput<'platforms.setQuota'>> {
  const { party, submissionsPerDay, elementsPerDay } = input;
  if (submissionsPerDay === undefined && elementsPerDay === undefined) {
    throw invalid('submissionsPerDay', 'required');
  }
  const known = await findParty(ctx.db, party);
  if (!known) throw new Problem('not-found');
  if (!isBeyondDeclared(input, known.registration?.signupsPerDay)) {
    await lockPlatform(ctx, party);
    await limit(ctx, input);
    return { state: 'executed' };
  }
  return onPlatform(ctx, party, { op: 'platforms.setQuota', change: () => limit(ctx, input) });
}

async function limit(
  ctx: CallContext,
  { party, submissionsPerDay, elementsPerDay }: OpInput<'platforms.setQuota'>,
): Promise<void> {
  await updateParty(ctx.db, party, { submissionsPerDay, elementsPerDay });
  logAct(ctx, 'limits', {
    party,
    ...(submissionsPerDay === undefined ? {} : { submissionsPerDay }),
    ...(elementsPerDay === undefined ? {} : { elementsPerDay }),
  });
}

interface PlatformAct {
  readonly op: 'platforms.suspend' | 'platforms.restore' | 'platforms.setQuota' | 'taxonomy.enable';
  check?(row: PartyRow): Promise<void> | void;
  change(row: PartyRow): Promise<void>;
}

/** A two-holder act on one platform, locked and checked for both calls. */
async function onPlatform(
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

async function lockPlatform(ctx: CallContext, id: string): Promise<PartyRow> {
  const row = await lockParty(ctx.db, id);
  if (!row) throw new Problem('not-found');
  return row;
}

const domainTaken = (): Problem => conflict('registration.domain', 'registered');
