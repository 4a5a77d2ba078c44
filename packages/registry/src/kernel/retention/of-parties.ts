import { named, type Life, type RetentionRule } from './retained.ts';

interface RetentionReason {
  readonly why: string;
  readonly form: string;
  readonly life: Life;
  readonly goes?: string;
}

const kept = (table: string, columns: string, of: RetentionReason): RetentionRule => ({
  table,
  columns: named(columns),
  ...of,
});

const counts = { form: 'counts; no creator', life: 'operation' } as const;
const published = { form: 'clear, public', life: 'party' } as const;
const log = { form: 'hashes, signatures; public', life: 'proof' } as const;

/** New first keys of a platform that lost its own. */
const ofReenrolments = kept(
  'reenrolments',
  'invite party holder call announced_at effective_at lapses_at entry stopped_at stopped_by kid enrolled_at',
  {
    why: 'that a platform got new keys, when that was announced, and who stopped it',
    ...published,
  },
);

/** What the panel decides beside appeals. */
const ofPanel: readonly RetentionRule[] = [
  kept(
    'panel_items',
    'id kind party sanction about votes opened_at due_at closed_at closed_by outcome',
    {
      why: 'what the panel was asked, and decided',
      form: 'clear; opaque ids',
      life: 'remains',
    },
  ),
  // With the case of the record that it is about: see `eraseFunctions`.
  kept('panel_votes', 'reasons', {
    why: 'why a reviewer voted so',
    form: 'sealed where it is about a record',
    life: 'texts',
  }),
  kept('panel_votes', 'item holder kid outcome artefact at', {
    why: 'how each reviewer voted, signed',
    form: 'clear; opaque ids',
    life: 'remains',
  }),
  kept('challenges', 'item sanction position by_party ground changed_at at closed_at', {
    why: "who says since when that an identifier is somebody else's",
    form: 'clear; opaque ids, no identifier',
    life: 'remains',
  }),
  kept('party_warnings', 'party decided reversed at', {
    why: 'that a platform was warned, and by what figures',
    ...published,
  }),
  kept('party_suspensions', 'party cause since item lifted_at lifted_by', {
    why: 'why a platform records nothing',
    ...published,
  }),
  kept('inspection_draws', 'party quarter size root eligible drawn at', {
    why: 'which records the ledger drew',
    form: 'clear; ids and commitments',
    life: 'remains',
  }),
  kept(
    'inspections',
    'id sanction why appeal opened_at due_at examine_by evidence_due_at evidence_confirmed_at closed_at closed_as outcome',
    {
      why: 'why a record is examined, until when, and what came of it',
      form: 'clear; opaque ids',
      life: 'remains',
    },
  ),
  kept('redecisions', 'appeal sanction leaf size root drawn asked_at', {
    why: 'whether the ledger drew the decision to be made again',
    form: 'hashes; opaque ids',
    life: 'case',
    goes: 'row',
  }),
];

/** What is kept of the people of the parties, of calls, and of the log. */
export const ofParties: readonly RetentionRule[] = [
  ofReenrolments,
  ...ofPanel,
  kept(
    'parties',
    'id kind name registration enrolment_kid registered_at objections_until active_from probation_until left_at submissions_suspended checks_stopped submissions_per_day elements_per_day enabled_reasons',
    {
      why: 'name, domain, owners above 10 % by name, contacts, policies, flags and limits: published at `/parties`',
      form: 'clear, public',
      life: 'party',
    },
  ),
  kept('party_groups', 'party group_name since until by_party item', {
    why: 'which companies are one, and were',
    ...published,
  }),
  kept('holders', 'id party term_until removed_at excused_at languages opt_out', {
    why: 'binds rules to a person; what a reviewer reads, and takes no cases of',
    form: 'clear; an opaque id, no name anywhere',
    life: 'party',
  }),
  kept('countersignatures', 'holder by_holder kid statement', {
    why: 'who signed for a seat of the panel',
    form: 'clear, public in `reviewer-added`',
    life: 'party',
  }),
  kept('panel_turns', 'group_name at', {
    why: 'groups take turns before the panel',
    form: 'clear',
    life: 'party',
  }),
  kept('objections', 'party by_party ground at', {
    why: 'who objected to a registration',
    form: 'clear, public',
    life: 'party',
  }),
  kept('admissions', 'party outcome at item', {
    why: 'what the panel decided of it',
    form: 'clear, public',
    life: 'party',
  }),
  kept('attestations', 'party quarter demands kid statement at', {
    why: 'what a platform signed about demands of authorities',
    form: 'clear, public',
    life: 'party',
  }),
  kept(
    'authority_demands',
    'id party kind quarter received complied refused at publish_at logged',
    {
      why: 'demands of authorities that were refused',
      form: 'counts; public by its date',
      life: 'party',
    },
  ),
  kept('affiliations', 'holder party until', {
    why: 'bars a reviewer from a case',
    form: 'clear, public in `reviewer-added`',
    life: 'party',
  }),
  kept(
    'keys',
    'kid party holder role admin alg jwk statement position active_from revoked_at revoked_why compromised_since entry revocation',
    { why: 'the chain: statements must verify', form: 'clear, public', life: 'proof' },
  ),
  kept('sealing_keys', 'kid party sealing_kid statement', {
    why: 'what journals of a platform are sealed to',
    form: 'clear, public keys; for the platform itself',
    life: 'sealing',
  }),
  kept('invites', 'code_hash id party holder role admin created_at expires_at redeemed_at', {
    why: 'redeems an invite once',
    form: 'hash of a random code',
    life: 'invites',
  }),
  kept('enrolments', 'kid party holder role admin enrolment enrolled_at', {
    why: 'the proof of a waiting key',
    form: 'clear',
    life: 'enrolment',
  }),
  kept(
    'proposals',
    'id op input_hash proposed_by proposed_at execute_before executed_by executed_at',
    { why: 'two people for one act', form: 'clear; opaque ids, a hash', life: 'party' },
  ),
  kept('audit', 'kid jti iss exp op req res status at cost entry place', {
    why: 'no answer without it; refuses replays; compared with the log',
    form: 'hashes of call and answer; of a creator `case`, and a hash of the jti',
    life: 'proof',
  }),
  kept('answers', 'kid jti iss op idem input_hash req status sanction body receipt at', {
    why: 'the same answer for a retry',
    form: 'sealed with the case where it opens entries of one; else clear',
    life: 'answers',
  }),
  {
    table: 'openings',
    columns: ['opening'],
    why: 'opens an entry of the log to the party that it names, and all of a case to its creator',
    form: 'of a case: sealed',
    life: 'case',
    goes: `''`,
  },
  kept('openings', 'kid jti position party sanction txid seq', {
    why: 'that there was an entry: the log is compared with it',
    form: 'clear',
    life: 'proof',
  }),
  kept('refusals', 'party day code detail n', { why: 'counts what was refused', ...counts }),
  kept('transparency_report', 'singleton at document', { why: 'what was published', ...counts }),
  kept('alarms', 'id kind counts at party explained_at explained', {
    why: 'what was out of the ordinary, whose checks it stopped, and what it was',
    ...counts,
  }),
  kept(
    'check_meters',
    'party bucket spent surplus at open_elements open_expected open_empty closed_elements closed_expected closed_empty closed_at',
    { why: 'what a platform used of its quota, and how often it asked in vain', ...counts },
  ),
  kept('due_failures', 'kind id failures retry_at error', {
    why: 'what is due and could not be written: a kind, an opaque id, a class of error',
    form: 'clear; nothing of whom',
    life: 'failing',
  }),
  kept('registry_facts', 'name value entry', {
    why: 'mode, origin, announced keys, fingerprints of secrets',
    form: 'clear, fingerprints',
    life: 'operation',
  }),
  kept('rotations', 'epoch public_key announced_at opens_at before_closes_at entry', {
    why: 'announced keys of tokens, after the first',
    form: 'clear, public keys',
    life: 'operation',
  }),
  kept('ledger_pending', 'seq entries at', {
    why: 'entries that wait for the log',
    form: 'salted hashes; public details',
    life: 'logged',
  }),
  kept('ledger_entries', 'index leaf entry', { why: 'the log', ...log }),
  kept('ledger_tiles', 'level index hashes', { why: 'its tree', ...log }),
  kept('ledger_state', 'singleton size root epoch', { why: 'where it ends', ...log }),
  kept('ledger_checkpoints', 'size note at', { why: 'what was signed', ...log }),
  kept('ledger_cosignatures', 'size key line at', { why: 'what witnesses signed', ...log }),
  kept('ledger_served', 'size', { why: 'what readers were shown', ...log }),
  kept('ledger_recoveries', 'from_size applied counts faults finished_at', {
    why: 'recoveries from an old copy',
    ...counts,
  }),
  kept('ledger_losses', 'from_size loss', { why: 'what a recovery could not bring back', ...log }),
  kept('witnesses', 'position party key name public_key url registered_at ended_at', {
    why: 'who cosigns, and where they are asked',
    form: 'clear',
    life: 'party',
  }),
  kept('witness_policies', 'position entry leaf', { why: 'whose cosignatures count', ...log }),
];
