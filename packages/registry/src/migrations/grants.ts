/** The role that servers connect as. It creates nothing, and changes only what a rule lets change. */
export const serviceRole = 'recourse_service';

const insertOnly = [
  'registry_facts',
  'audit',
  'answers',
  'openings',
  'kept_calls',
  'ends',
  'sanction_events',
  'disclosures',
  'affiliations',
  'countersignatures',
  'acknowledgements',
  'checked_subjects',
  'echoes',
  'decisions',
  'notice_reviews',
  'case_information',
  'case_files',
  'alarms',
  'ledger_entries',
  'ledger_checkpoints',
  'ledger_cosignatures',
  'ledger_served',
  'witness_policies',
  'objections',
  'admissions',
  'attestations',
  'orders',
  'erasure_requests',
];

const updatable: Readonly<Record<string, readonly string[]>> = {
  parties: [
    'registration',
    'enrolment_kid',
    'active_from',
    'probation_until',
    'left_at',
    'submissions_suspended',
    'checks_stopped',
    'submissions_per_day',
    'elements_per_day',
    'enabled_reasons',
  ],
  holders: ['term_until', 'removed_at'],
  invites: ['redeemed_at'],
  keys: ['revoked_at', 'revoked_why', 'compromised_since', 'revocation'],
  proposals: ['executed_by', 'executed_at'],
  sanctions: [
    'submitted_at',
    'notice_due_at',
    'notified_at',
    'ground_confirmed',
    'visible_from',
    'version',
    'prior_match',
    'amended_until',
    'amended_reason',
    'amendment',
    'confirmed_at',
    'visible_recorded',
    'end_recorded',
  ],
  subjects: ['detached_at'],
  case_holders: ['positions', 'unlocked', 'ended_at', 'ended_as', 'holds'],
  appeals: [
    'evidence_due_at',
    'evidence_lapses_at',
    'evidence_confirmed_at',
    'added_days',
    'decision_due_at',
    'lapses_at',
    'relief_decided_at',
    'relief_decided_as',
    'withdraws_at',
    'responded_at',
    'response',
    'closed_at',
    'closed_as',
    'outcome',
    'cause',
  ],
  claims: ['statement', 'sealing_kid', 'keyed_at', 'expires_at', 'released_at', 'released_as'],
  deliveries: ['sealed', 'rejected_at', 'rejected_why'],
  questions: ['answer', 'answered_at'],
  trust_questions: ['answer', 'answered_at'],
  echo_reviews: ['confirmed_at', 'confirmation'],
  finds: ['tries', 'used_at'],
  tickets: ['used_at'],
  guesses: ['n'],
  recalls: ['acknowledgement', 'superseded_by', 'overdue_at'],
  events: ['acked_at'],
  submitter_subjects: ['submissions'],
  suspensions: ['lifted_at'],
  matches: ['outcome', 'outcome_at', 'reviewed_at', 'notice_sent_at', 'ref', 'reminded_at'],
  refusals: ['n'],
  ledger_tiles: ['hashes'],
  remembered: ['at', 'until'],
  witnesses: ['url', 'ended_at'],
  authority_demands: ['logged'],
};

const insertAndSelect = [
  ...insertOnly,
  ...Object.keys(updatable),
  'enrolments',
  'ledger_pending',
  'case_keys',
  'checks',
  'reviewer_opt_outs',
];

/** Cases are erased by functions of their own, see `eraseFunctions`. */
const deletable = [
  'enrolments',
  'ledger_pending',
  'checks',
  'finds',
  'tickets',
  'guesses',
  'invites',
  'answers',
  'events',
  'remembered',
  'reviewer_opt_outs',
];

/** Who begins and ends a recovery is the owner; a server only sees that one is open. */
const seesRecoveries = `grant select on ledger_recoveries to ${serviceRole}`;

/** Its one row is made with the schema. */
const growingState = `grant select, update (size, root, epoch) on ledger_state to ${serviceRole}`;

export const grants = [
  `do $$ begin if not exists (select from pg_roles where rolname = '${serviceRole}')
    then create role ${serviceRole} nologin; end if; end $$`,
  `grant usage on schema public to ${serviceRole}`,
  ...insertAndSelect.map((table) => `grant select, insert on ${table} to ${serviceRole}`),
  ...Object.entries(updatable).map(
    ([table, columns]) => `grant update (${columns.join(', ')}) on ${table} to ${serviceRole}`,
  ),
  growingState,
  seesRecoveries,
  ...deletable.map((table) => `grant delete on ${table} to ${serviceRole}`),
];
