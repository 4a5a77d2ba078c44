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
];

const updatable: Readonly<Record<string, readonly string[]>> = {
  parties: [
    'registration',
    'enrolment_kid',
    'submissions_suspended',
    'checks_stopped',
    'submissions_per_day',
    'elements_per_day',
    'enabled_reasons',
  ],
  holders: ['term_until', 'removed_at'],
  invites: ['redeemed_at'],
  keys: ['revoked_at', 'revoked_why', 'compromised_since'],
  proposals: ['executed_by', 'executed_at'],
  sanctions: [
    'submitted_at',
    'notice_due_at',
    'notified_at',
    'visible_from',
    'version',
    'disputed',
  ],
  submitter_subjects: ['submissions'],
  suspensions: ['lifted_at'],
  matches: ['outcome', 'outcome_at', 'reviewed_at', 'notice_sent_at'],
  refusals: ['n'],
};

const insertAndSelect = [
  ...insertOnly,
  ...Object.keys(updatable),
  'enrolments',
  'ledger_pending',
  'case_keys',
  'subjects',
  'checks',
  'recalls',
];

const deletable = ['enrolments', 'ledger_pending', 'checks'];

export const grants = [
  `do $$ begin if not exists (select from pg_roles where rolname = '${serviceRole}')
    then create role ${serviceRole} nologin; end if; end $$`,
  `grant usage on schema public to ${serviceRole}`,
  ...insertAndSelect.map((table) => `grant select, insert on ${table} to ${serviceRole}`),
  ...Object.entries(updatable).map(
    ([table, columns]) => `grant update (${columns.join(', ')}) on ${table} to ${serviceRole}`,
  ),
  ...deletable.map((table) => `grant delete on ${table} to ${serviceRole}`),
];
