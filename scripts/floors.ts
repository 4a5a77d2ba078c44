/** One floor of a house: every file of it stands on one. */
export interface Floor {
  readonly name: string;
  /** Its folder, or files on top. */
  readonly holds: readonly string[];
  /** The only paths of other floors that it imports; otherwise whatever stands below it. */
  readonly reads?: readonly string[];
}

/** A folder whose files stand on floors. */
export interface House {
  /** Its path from the root, with a slash behind it */
  readonly root: string;
  /** From top to bottom: a floor imports what stands below it, by value or by type, and nothing above. */
  readonly floors: readonly Floor[];
}

const registry: readonly Floor[] = [
  // The public surface
  { name: 'index', holds: ['index.ts'] },
  // What answers each operation, what follows a change of a record, and how a server is put together
  {
    name: 'operations',
    holds: ['api.ts', 'deadlines.ts', 'migrate.ts', 'operations/', 'reactions.ts', 'registry.ts'],
  },
  // One signed call from bytes to receipt
  { name: 'calls', holds: ['calls/'] },
  // Who reads the log against the tables: doctor, recovery, report
  { name: 'readers', holds: ['readers/'] },
  // What is due
  { name: 'scheduler', holds: ['scheduler/'] },
  // Rates, suspensions, decisions made again, leaving
  { name: 'accountability', holds: ['accountability/'] },
  // The creator's side: access, proofs, news, notices
  { name: 'cases', holds: ['cases/'] },
  // Votes about parties
  { name: 'panel', holds: ['panel/'] },
  // Assignment, evidence, disputes and decisions, of an appeal or of an inspection
  { name: 'review', holds: ['review/'] },
  // What is kept, and how long
  { name: 'retention', holds: ['retention/'] },
  // Evaluations, matches, prefix sets, epochs, quotas
  { name: 'lookup', holds: ['lookup/'] },
  // Intake, drafts, derived records, inquiries between platforms
  { name: 'submissions', holds: ['submissions/'] },
  // Registrations, keys, people, suspensions, acts of two holders
  { name: 'parties', holds: ['parties/'] },
  // Recalls and events
  { name: 'told', holds: ['told/'] },
  // What a call works with, and the services behind it
  { name: 'context', holds: ['context/'] },
  // The life of a record
  { name: 'records', holds: ['records/'] },
  // Sequencer, tiles, checkpoints, witnesses
  { name: 'log', holds: ['log/'] },
  // What one transaction leaves: audit row, receipt, entries that wait
  { name: 'commit', holds: ['commit/'] },
  // Keys of cases, and sealing
  { name: 'vault', holds: ['vault/'] },
  // Beside all others
  {
    name: 'migrations',
    holds: ['migrations/'],
    reads: ['schema/'],
  },
  // Connections, refusals, retry, hashes
  { name: 'kernel', holds: ['kernel/'] },
  // Each table: its columns, rights, and what is kept how long
  { name: 'schema', holds: ['schema/'] },
];

/** The process of a registry. */
const server: readonly Floor[] = [
  // Commands of the program, and how it says what to do next
  {
    name: 'main',
    holds: ['main.ts', 'next-steps.ts', 'node-version.ts', 'run-migrate.ts'],
  },
  { name: 'recover', holds: ['recover/'] },
  { name: 'doctor', holds: ['doctor/'] },
  { name: 'backup', holds: ['backup/'] },
  // How a server is put together
  {
    name: 'start',
    holds: [
      'compose-handlers.ts',
      'compose-services.ts',
      'index.ts',
      'operator-invite.ts',
      'start-server.ts',
      'until-started.ts',
    ],
  },
  { name: 'prefixes', holds: ['prefixes/'] },
  { name: 'metrics', holds: ['metrics/'] },
  // What is due, each kind in a loop of its own
  { name: 'due', holds: ['due-work.ts', 'open-due-work.ts'] },
  // A count in a process of its own
  { name: 'bounded', holds: ['bounded/'] },
  {
    name: 'database',
    holds: ['database.rules.ts', 'database.ts', 'postgres/', 'with-owner-url.ts'],
  },
  // Calls, creators' pages and public documents
  {
    name: 'http',
    holds: ['browser/', 'case-secret.ts', 'http/', 'remembered.ts', 'right-clock.ts'],
  },
  { name: 'traces', holds: ['traces/'] },
  { name: 'sandbox', holds: ['sandbox/'] },
  // Mail, text messages and DNS
  { name: 'proofs', holds: ['proofs/', 'texts-in.ts'] },
  // The log: who signs it, who watches it, where it is kept
  { name: 'ledger', holds: ['ledger/', 'say-on-turn.ts'] },
  { name: 'keys', holds: ['data-dir.ts', 'keys/'] },
  { name: 'config', holds: ['config/', 'people-file.ts'] },
  { name: 'base', holds: ['errors.ts', 'log.ts', 'postgres-store.ts'] },
];

/** Calls of a platform, a reviewer and a creator. */
const sdk: readonly Floor[] = [
  { name: 'index', holds: ['index.ts'] },
  // Entry points of their own
  { name: 'entries', holds: ['case/', 'checks/index.ts', 'events/', 'node/'] },
  { name: 'connect', holds: ['connect.ts'] },
  { name: 'appeals', holds: ['appeals/'] },
  { name: 'sanctions', holds: ['sanctions/'] },
  { name: 'journals', holds: ['journals/'] },
  { name: 'review', holds: ['review/'] },
  { name: 'subjects', holds: ['subjects/'] },
  { name: 'evidence', holds: ['evidence/'] },
  { name: 'checks', holds: ['checks/'] },
  {
    name: 'parties',
    holds: ['keys/', 'outcomes.ts', 'parties/'],
  },
  { name: 'own-ledger', holds: ['own-ledger/'] },
  { name: 'prefixes', holds: ['prefixes/follow-sets.ts', 'prefixes/prefixes.ts'] },
  // What one connection works with
  { name: 'session', holds: ['session/'] },
  { name: 'prefix-sets', holds: ['prefixes/'] },
  { name: 'recalls', holds: ['commitments.ts', 'input-paths.ts', 'recalls/'] },
  // The log as a client follows it
  { name: 'ledger', holds: ['ledger/'] },
  // Keys of the registry and of its parties
  { name: 'registry', holds: ['link-errors.ts', 'registry/'] },
  {
    name: 'base',
    holds: [
      'errors.ts',
      'identifiers.ts',
      'names-nobody.ts',
      'op-names.ts',
      'operations.ts',
      'pins.ts',
      'random.ts',
      'refreshed.ts',
      'signers.ts',
      'transport/',
      'wire.ts',
    ],
  },
];

/** The desks. */
const desks: readonly Floor[] = [
  { name: 'app', holds: ['app/', 'main.tsx'] },
  { name: 'trust', holds: ['trust/'] },
  { name: 'support', holds: ['support/'] },
  { name: 'review', holds: ['review/'] },
  { name: 'operator', holds: ['operator/'] },
  { name: 'people', holds: ['people/'] },
  // Acts, and what is said after each
  { name: 'answers', holds: ['answers/'] },
  // What a desk asks of a registry
  { name: 'registry', holds: ['registry/'] },
  // Whose desk it is, and what is sealed in the browser
  { name: 'identity', holds: ['identity/'] },
  { name: 'parts', holds: ['css.d.ts', 'parts/', 'saxen.d.ts'] },
];

/** `check-floors.ts` holds them. */
export const HOUSES: readonly House[] = [
  { root: 'packages/registry/src/', floors: registry },
  { root: 'apps/server/src/', floors: server },
  { root: 'packages/sdk/src/', floors: sdk },
  { root: 'apps/console/src/', floors: desks },
];
