import { z } from 'zod';
import { alarmExplanations } from '../check-alarm.ts';
import { seatTerms, countersignaturesNeeded } from '../countersignature.ts';
import { openingSchema } from '../entries/index.ts';
import { keyLinkSchema } from '../key-chain.ts';
import { groupSchema } from '../membership.ts';
import { partyIdSchema, roleSchema } from '../roles.ts';
import { b64u32, compactJws, language, numericDate, timestamp } from '../schemas.ts';
import { reasonCodes } from '../taxonomy/index.ts';
import { idSchema } from '../typeid.ts';
import { watchedAlerts } from '../watched.ts';
import { witnessKeySchema, witnessPolicySchema } from '../witness-policy.ts';
import { define } from './define.ts';
import { empty, nextCursor, page } from './common.ts';

/** Shown to everyone: without control characters, or marks that turn the direction of what follows. */
const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Bidi_Control}]+$/u);
/** Published for good: an address as it is sent (RFC 3986), not text that a lenient parser takes for one. */
const policyUrl = z
  .string()
  .max(500)
  .regex(/^https:\/\/[A-Za-z0-9.-]+(:\d{1,5})?([/?#][\w.~:/?#@!$&'()*+,;=%-]*)?$/);
/** Published for nobody, asked by the server: no user, query or fragment; `/add-checkpoint` is put after it. */
const witnessUrl = z
  .string()
  .max(500)
  .regex(/^https?:\/\/([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?(\/[\w.~-]+)*$/);
const country = z.string().regex(/^[A-Z]{2}$/);

/**
 * The statements of a platform about itself, published at `/parties`. A body owned or directed by a state has no place.
 */
export const registrationSchema = z.strictObject({
  name: text(120),
  domain: z
    .string()
    .max(253)
    .regex(/^[a-z0-9.-]+\.[a-z0-9-]+$/),
  jurisdiction: country,
  group: groupSchema,
  owners: z.array(z.strictObject({ name: text(120), percent: z.number().gt(10).max(100) })).max(9),
  stateOwned: z.literal(false),
  policies: z.array(policyUrl).min(1).max(16),
  contacts: z.strictObject({
    complaints: z.email().max(254),
    dataProtection: z.email().max(254),
  }),
  /** Reasons that name a criminal offence need a legal basis to be enabled */
  legalBasis: z.enum(['none', 'gdpr-art-10-authorised', 'national-law']),
  language,
  checkOnly: z.boolean(),
  /** Sign-ups that its bucket of checks is made from: 8 elements for each; 1,000 where it states none */
  signupsPerDay: z.int().min(1).max(12_500_000).exactOptional(),
});
export type Registration = z.infer<typeof registrationSchema>;

/** The answer of an act of two operator holders: proposed by the first call, executed by the second. */
export const proposal = z.discriminatedUnion('state', [
  z.object({ state: z.literal('proposed'), proposal: idSchema('prp'), executeBefore: timestamp }),
  z.object({
    state: z.literal('executed'),
    proposal: idSchema('prp'),
    party: partyIdSchema.optional(),
  }),
]);

const platform = idSchema('plt');
/** An act of the operator that needs two holders. */
export const operatorAct = <I extends z.ZodType>(act: { summary: string; input: I }) =>
  define('mutation', ['operator'], { twoHolders: true, ...act, output: proposal });

/** Parties, their keys and people, and the acts of the operator. */
export const partyOps = {
  'keys.list': define('read', ['service', 'trust', 'reviewer', 'operator'], {
    admin: true,
    summary: 'List the keys of your party, and enrolments that wait for an admin key.',
    input: z.strictObject({
      /** Counts what a revocation of this key as compromised since then would suspend, too */
      signedBy: z.strictObject({ kid: b64u32, since: numericDate }).optional(),
    }),
    output: z.object({
      /** Live records that `signedBy` signed since then */
      signed: z.int().min(0).optional(),
      keys: z.array(keyLinkSchema),
      waiting: z.array(
        z.object({
          kid: b64u32,
          holder: z.string(),
          role: roleSchema,
          admin: z.boolean(),
          enrolment: z.string(),
          enrolledAt: timestamp,
        }),
      ),
    }),
  }),
  'keys.add': define('mutation', ['service', 'trust', 'reviewer', 'operator'], {
    admin: true,
    summary: 'Add a key by a statement that an admin key of the party signed.',
    input: z.strictObject({
      /** `recourse-key+jwt` */
      statement: compactJws,
      /** `recourse-enrol+jwt`, proof of possession, when no enrolment of this key waits */
      enrolment: compactJws.optional(),
    }),
    output: z.object({ kid: b64u32, activeFrom: timestamp }),
  }),
  'keys.revoke': define('mutation', ['service', 'trust', 'reviewer', 'operator'], {
    admin: true,
    summary: 'Revoke a key of your party; from the answer on every server refuses it.',
    input: z.strictObject({
      kid: b64u32,
      why: z.enum(['retired', 'compromised']),
      /** Statements from this instant on no longer count; needed when compromised */
      since: numericDate.optional(),
    }),
    output: z.object({ kid: b64u32, revokedAt: timestamp, suspended: z.int().min(0) }),
  }),
  'people.invite': define('mutation', ['service', 'trust', 'reviewer', 'operator'], {
    admin: true,
    summary: 'Invite a person or service to your party; you make the code and send its hash.',
    input: z.strictObject({
      invite: b64u32,
      role: roleSchema,
      admin: z.boolean(),
      holder: idSchema('hld').optional(),
    }),
    output: z.object({ id: idSchema('inv'), holder: idSchema('hld'), expiresAt: timestamp }),
  }),
  'parties.setPolicies': define('mutation', ['service', 'trust'], {
    admin: true,
    summary: 'Publish policies; statements refer to one by its index.',
    input: z.strictObject({ policies: registrationSchema.shape.policies }),
    output: z.object({ policies: z.array(z.string()) }),
  }),
  'parties.witness': define('mutation', ['service', 'trust', 'reviewer'], {
    admin: true,
    summary: 'Register the witness of your party, which cosigns the ledger, or take it back.',
    input: z
      .strictObject({
        /** Takes the place of the one before; null takes that back */
        key: witnessKeySchema.nullable(),
        /** Where it is asked: C2SP tlog-witness; https outside a sandbox */
        url: witnessUrl.optional(),
      })
      .refine(({ key, url }) => (key === null) === (url === undefined), { path: ['url'] }),
    output: z.object({ policy: witnessPolicySchema, fingerprint: b64u32 }),
  }),
  'platforms.register': operatorAct({
    summary: 'Register a platform. Its first admin enrols with the invite whose hash is given.',
    input: z.strictObject({ registration: registrationSchema, invite: b64u32 }),
  }),
  'platforms.setGroup': operatorAct({
    summary: 'Move a platform to another group; it counts to its former groups for 24 months more.',
    input: z.strictObject({ party: platform, group: groupSchema }),
  }),
  'platforms.reenrol': operatorAct({
    summary:
      'Let a platform that lost its admin key begin a new chain after seven days, unless it objects.',
    /** `invite`: H of the code that the new admin made; a TXT record of the domain has it, as at registration */
    input: z.strictObject({ party: platform, invite: b64u32 }),
  }),
  'parties.keepKeys': define('mutation', ['service', 'trust'], {
    summary: 'Stop the re-enrolment of your platform, by any of its keys: they are not lost.',
    input: empty,
    output: z.object({ stoppedAt: timestamp }),
  }),
  'platforms.suspend': operatorAct({
    summary: 'Stop submissions or checks of a platform; appeals and recalls go on.',
    input: z.strictObject({
      party: platform,
      what: z.enum(['submissions', 'checks', 'both']),
      /** Never its errors: those the panel alone judges */
      why: z.enum(['recalls-overdue', 'outcomes-overdue', 'terms', 'state-owned', 'own-request']),
    }),
  }),
  'platforms.restore': operatorAct({
    summary: 'Lift a suspension; after an alarm of its checks, say what caused it.',
    input: z.strictObject({
      party: platform,
      /** Needed while an alarm of its checks is open; logged */
      explained: z.enum(alarmExplanations).optional(),
    }),
  }),
  'platforms.setQuota': define('mutation', ['operator'], {
    summary:
      'Set daily bounds of a platform, in the public log. One holder may raise them up to the signups that it declared; all else needs two.',
    input: z.strictObject({
      party: platform,
      submissionsPerDay: z.int().min(0).max(1_000_000).optional(),
      elementsPerDay: z.int().min(0).max(100_000_000).optional(),
    }),
    output: z.object({
      state: z.enum(['proposed', 'executed']),
      proposal: idSchema('prp').optional(),
      executeBefore: timestamp.optional(),
    }),
  }),
  'panel.invite': operatorAct({
    summary:
      'Invite a reviewer with a term, languages and affiliations; two sitting reviewers countersign.',
    input: z.strictObject({
      ...seatTerms,
      /** `recourse-countersignature+jwt` of two sitting reviewers; none for the first three seats */
      countersignatures: z.array(compactJws).max(countersignaturesNeeded).optional(),
    }),
  }),
  'panel.remove': operatorAct({
    summary: 'End the term of a reviewer.',
    input: z.strictObject({ holder: idSchema('hld') }),
  }),
  'taxonomy.enable': operatorAct({
    summary:
      'Enable reasons that name a criminal offence for a platform whose entry records a legal basis.',
    input: z.strictObject({
      party: platform,
      reasons: z.array(z.enum(reasonCodes)).min(1).max(19),
    }),
  }),
  'proposals.list': define('read', ['operator'], {
    summary:
      'List acts of two operators that wait for the second, with what each would change. The same call by another signs one.',
    input: z.strictObject(page),
    output: z.object({
      proposals: z.array(
        z.object({
          proposal: idSchema('prp'),
          op: z.string(),
          /** As it was proposed: whoever countersigns sends the same */
          input: z.record(z.string(), z.json()),
          /** What stands now in place of what the input says, by its members; and the name of the party */
          today: z.record(z.string(), z.union([z.string(), z.int(), z.array(z.string())])),
          proposedBy: idSchema('hld'),
          /** Proposed by the caller, who does not countersign it */
          own: z.boolean(),
          proposedAt: timestamp,
          executeBefore: timestamp,
        }),
      ),
      next: nextCursor,
    }),
  }),
  'calls.changes': define('read', ['service', 'trust', 'reviewer', 'operator'], {
    summary: 'Read the openings of the ledger entries that one of your calls caused.',
    input: z.strictObject({ jti: z.string().regex(/^[A-Za-z0-9_-]{22,64}$/) }),
    output: z.object({ changes: z.array(openingSchema) }),
  }),
  'registry.stats': define('read', ['operator'], {
    summary: 'Read the counts and the alerts that an operator watches.',
    input: empty,
    output: z.object({
      /** Rows by table: beyond 100,000 what PostgreSQL estimates */
      counts: z.record(z.string(), z.int()),
      watched: z.array(
        z.object({
          alert: z.enum(watchedAlerts),
          /** Of the alert's unit: seconds, a count, or a share of what there may be */
          value: z.number(),
          isBeyond: z.boolean(),
        }),
      ),
      /** Of WAL, by PostgreSQL */
      archive: z.object({ isOn: z.boolean(), newestAt: timestamp.optional() }),
    }),
  }),
  'registry.alarms': define('read', ['operator'], {
    summary: 'List the alarms that the registry raised, the newest first.',
    input: z.strictObject(page),
    output: z.object({
      alarms: z.array(
        z.object({
          at: timestamp,
          kind: z.string(),
          counts: z.record(z.string(), z.int()),
          /** The party whose checks it stopped, until it was explained */
          party: platform.optional(),
          explained: z.object({ at: timestamp, as: z.enum(alarmExplanations) }).optional(),
        }),
      ),
      next: nextCursor,
    }),
  }),
};
