import {
  idSchema,
  partyIdSchema,
  reasonCodes,
  registrationSchema,
  type Entry,
  type Json,
  type PublicEntryType,
} from '@recourse/protocol';
import { z } from 'zod';
import { suspensionCauses } from '../../accountability/suspending.ts';
import { insertCause, liftCause, openCauses } from '../../accountability/suspension-store.ts';
import { changeGroup } from '../../parties/group-store.ts';
import {
  insertAffiliations,
  insertCountersignatures,
  insertHolder,
  removeHolder,
} from '../../parties/people-store.ts';
import { insertParty, lockParty, updateParty, type PartyChange } from '../../parties/store.ts';
import {
  applyAttestation,
  applyDemand,
  applyObjection,
  applyReenrolment,
  applyReenrolStopped,
} from './apply-membership.ts';
import { applyEpoch } from './apply-epoch.ts';
import { addLoggedKey, revokeLoggedKey } from './apply-key.ts';
import {
  applyAdmitted,
  applyClosed,
  applyDrawn,
  applyOpened,
  applyWarning,
} from './apply-to-panel.ts';
import { applyPolicy } from './apply-policy.ts';
import { applyPrefixSet } from './apply-prefix-set.ts';
import { instantOf, type Applying } from './applying.ts';

type Detail = Readonly<Record<string, Json>>;
/** The entry as logged, and when */
interface Logged {
  readonly at: Date;
  readonly entry: Entry;
}
type Act = (applying: Applying, detail: Detail, logged: Logged) => Promise<void>;

type PublicEntry = Extract<Entry, { detail: unknown }>;

/** The public entries that change parties, people and keys. All of what they did is in them. */
const acts: Partial<Record<PublicEntryType, Act>> = {
  'party-registered': register,
  'party-suspended': suspendLogged,
  'party-restored': restoreLogged,
  'party-warned': applyWarning,
  'panel-opened': applyOpened,
  'panel-closed': applyClosed,
  'inspections-drawn': applyDrawn,
  'party-left': change(z.object({ party: partyIdSchema }), (_, at) => ({ leftAt: at })),
  'party-objected': applyObjection,
  'party-reenrol-announced': applyReenrolment,
  'party-reenrol-stopped': applyReenrolStopped,
  'party-admitted': applyAdmitted,
  'authority-demand': applyDemand,
  'authority-attested': applyAttestation,
  taxonomy: change(
    z.object({ party: partyIdSchema, enabled: z.array(z.enum(reasonCodes)) }),
    ({ enabled }) => ({ enabledReasons: enabled }),
  ),
  limits: change(
    z.object({
      party: partyIdSchema,
      submissionsPerDay: z.int().min(0).optional(),
      elementsPerDay: z.int().min(0).optional(),
    }),
    ({ submissionsPerDay, elementsPerDay }) => ({ submissionsPerDay, elementsPerDay }),
  ),
  'reviewer-added': addReviewer,
  'reviewer-removed': removeReviewer,
  'key-added': addLoggedKey,
  'key-revoked': revokeLoggedKey,
  'witness-policy': applyPolicy,
  'prefix-set': applyPrefixSet,
  'oprf-epoch': applyEpoch,
};

export const changesParty = (type: string): boolean => type in acts;

export const applyToParty = async (applying: Applying, entry: PublicEntry): Promise<void> =>
  acts[entry.type]?.(applying, entry.detail, { at: instantOf(entry), entry });

const registered = z.object({
  party: idSchema('plt'),
  registration: registrationSchema,
  objectionsUntil: z.iso.datetime().optional(),
  probationUntil: z.iso.datetime().optional(),
});

/** A new platform, or new policies or another group of one. Its second is taken from below, or its window were too short. */
async function register(
  { db, counts }: Applying,
  detail: Detail,
  { at, entry }: Logged,
): Promise<void> {
  const { data } = registered.safeParse(detail);
  if (!data) return;
  counts.parties++;
  const { party: id, registration } = data;
  const row = { id, kind: 'platform', name: registration.name, registration } as const;
  const membership = joinedAs(data);
  if (await insertParty(db, { ...row, registeredAt: new Date(entry.at), ...membership })) return;
  const group = (await lockParty(db, id))?.registration?.group;
  if (group !== registration.group)
    await changeGroup(db, { party: id, group: registration.group, at });
  await updateParty(db, id, { registration });
}

/** Its window and probation as its registration stated them. */
function joinedAs({ objectionsUntil, probationUntil }: z.infer<typeof registered>) {
  if (objectionsUntil === undefined || probationUntil === undefined) return {};
  const from = new Date(objectionsUntil);
  return {
    membership: {
      objectionsUntil: from,
      activeFrom: from,
      probationUntil: new Date(probationUntil),
    },
  };
}

function change<D extends { party: string }>(
  schema: z.ZodType<D>,
  changed: (detail: D, at: Date) => PartyChange,
): Act {
  return async ({ db, counts }, detail, { at }) => {
    const { data } = schema.safeParse(detail);
    if (!data || !(await lockParty(db, data.party))) return;
    await updateParty(db, data.party, changed(data, at));
    counts.parties++;
  };
}

const suspended = z.object({
  party: partyIdSchema,
  what: z.enum(['submissions', 'checks', 'both']),
  /** Of the operators where it names none */
  cause: z.string().default(suspensionCauses.operators),
  item: idSchema('itm').optional(),
});

async function suspendLogged(
  { db, counts }: Applying,
  detail: Detail,
  { at: since }: Logged,
): Promise<void> {
  const { data } = suspended.safeParse(detail);
  if (!data || !(await lockParty(db, data.party))) return;
  const { party, what, cause, item } = data;
  if (what !== 'checks') await insertCause(db, { party, cause, since, item });
  await updateParty(db, party, {
    ...(what === 'checks' ? {} : { submissionsSuspended: true }),
    ...(what === 'submissions' ? {} : { checksStopped: true }),
  });
  counts.parties++;
}

const restored = z.object({
  party: partyIdSchema,
  what: z.literal('submissions').optional(),
  cause: z.string().default(suspensionCauses.operators),
  item: idSchema('itm').optional(),
});

async function restoreLogged(
  { db, counts }: Applying,
  detail: Detail,
  { at }: Logged,
): Promise<void> {
  const { data } = restored.safeParse(detail);
  if (!data || !(await lockParty(db, data.party))) return;
  const { party, what, cause, item: by } = data;
  await liftCause(db, { party, cause, at, by });
  const stands = await openCauses(db, party);
  await updateParty(db, party, {
    ...(stands.length > 0 ? {} : { submissionsSuspended: false }),
    ...(what === 'submissions' ? {} : { checksStopped: false }),
  });
  counts.parties++;
}

const reviewer = z.object({
  holder: z.string(),
  termUntil: z.string(),
  languages: z.array(z.string()).default([]),
  optOut: z.array(z.enum(reasonCodes)).default([]),
  affiliations: z.array(z.object({ party: z.string(), until: z.string().nullable() })),
  countersignatures: z.array(z.object({ by: z.string(), kid: z.string(), statement: z.string() })),
});

async function addReviewer({ db, counts }: Applying, detail: Detail): Promise<void> {
  const { data } = reviewer.safeParse(detail);
  if (!data) return;
  const { holder: id, languages, optOut, affiliations, countersignatures } = data;
  const termUntil = new Date(data.termUntil);
  if (!(await insertHolder(db, { id, party: 'panel', termUntil, languages, optOut }))) return;
  const rows = affiliations.map(({ party, until }) => ({
    party,
    until: until === null ? null : new Date(until),
  }));
  await insertAffiliations(db, id, rows);
  await insertCountersignatures(db, { holder: id, countersignatures });
  counts.parties++;
}

async function removeReviewer(
  { db, counts }: Applying,
  detail: Detail,
  { at }: Logged,
): Promise<void> {
  const { data } = z.object({ holder: z.string() }).safeParse(detail);
  if (!data) return;
  await removeHolder(db, data.holder, at);
  counts.parties++;
}
