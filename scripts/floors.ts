/** One floor of `packages/registry/src`, where every file has one. */
export interface Floor {
  readonly name: string;
  /** Folders (`panel/`) and files (`audit/handle-*.ts`); a file of its own beats the folder that it is in. */
  readonly holds: readonly string[];
  /** What alone it imports of other floors; otherwise whatever stands below it. */
  readonly reads?: readonly string[];
}

/**
 * From top to bottom: a floor imports what stands below it, by value or by type, and nothing above. `check-floors.ts`
 * holds them, but for the imports in `floor-exceptions.ts`. Where a folder is on several floors, its files will move.
 */
export const FLOORS: readonly Floor[] = [
  // The public surface
  { name: 'index', holds: ['index.ts'] },
  // What answers each operation, and how a server is put together
  {
    name: 'operations',
    holds: [
      'api.ts',
      'calls.ts',
      'case-operations.ts',
      'migrate.ts',
      'operations.ts',
      'parties/public-router.ts',
    ],
  },
  // One signed call from bytes to receipt
  {
    name: 'calls',
    holds: [
      'audit/handle-*.ts',
      'audit/group-commit.ts',
      'audit/key-cache.ts',
      'audit/recent-calls.ts',
      'audit/mutation.ts',
      'audit/stored-answer.ts',
      'audit/changes-of-call.ts',
      'ledger/own-openings.ts',
    ],
  },
  // Who reads the log against the tables
  { name: 'readers', holds: ['ledger/doctor/', 'ledger/recovery/', 'transparency/'] },
  // What is due
  { name: 'scheduler', holds: ['due/'] },
  // Rates, draws, decisions made again
  {
    name: 'accountability',
    holds: ['accountability/', 'parties/leave.ts'],
  },
  // The creator's side: access, proofs, news, notices
  {
    name: 'cases',
    holds: ['cases/', 'notices/', 'retention/request-store.ts', 'appeals/own-record.ts'],
  },
  // Votes about parties
  {
    name: 'panel',
    holds: [
      'panel/',
      'accountability/rates.rules.ts',
      'accountability/store.ts',
      'parties/object-to-party.ts',
    ],
  },
  // Assignment, evidence, disputes and decisions, of an appeal or of an inspection
  {
    name: 'review',
    holds: [
      'appeals/',
      'accountability/draw.rules.ts',
      'accountability/inspect*.ts',
      'accountability/redecision-store.ts',
      'cases/claimant-store.ts',
      'cases/inspection-view.ts',
      'cases/join-store.ts',
      'cases/renew-assignments.ts',
    ],
  },
  // What is kept, and how long
  { name: 'retention', holds: ['retention/'] },
  // Evaluations, matches, prefix sets, epochs, quotas
  { name: 'lookup', holds: ['checks/', 'prefixes/', 'tokens/'] },
  // Intake, drafts, echoes, questions between platforms
  {
    name: 'submissions',
    holds: [
      'sanctions/',
      'echoes/',
      'questions/',
      'retention/remembering.ts',
      'retention/remembered-store.ts',
    ],
  },
  // Registrations, keys, people, suspensions, acts of two holders
  {
    name: 'parties',
    holds: [
      'parties/',
      'accountability/expression-store.ts',
      'accountability/expression.rules.ts',
      'accountability/suspending.ts',
      'accountability/suspension-store.ts',
      'sanctions/opening.ts',
    ],
  },
  // Recalls and events
  { name: 'told', holds: ['recalls/', 'events/'] },
  // The life of a record
  {
    name: 'records',
    holds: [
      'sanctions/life.rules.ts',
      'sanctions/record.ts',
      'sanctions/store.ts',
      'sanctions/notice-store.ts',
      'sanctions/materialise.ts',
      'sanctions/transition.ts',
      'sanctions/ending.ts',
      'sanctions/appeal-closing.ts',
      'echoes/echo.rules.ts',
      'parties/membership.rules.ts',
    ],
  },
  // What a call works with, and the services behind it
  { name: 'context', holds: ['context.ts', 'checks/published-sets.ts', 'tokens/live-epochs.ts'] },
  // Sequencer, tiles, checkpoints, witnesses
  { name: 'log', holds: ['ledger/', 'ledger/recovery/store.ts'] },
  // What one transaction leaves: audit row, receipt, entries that wait
  {
    name: 'commit',
    holds: [
      'audit/',
      'ledger/changes.ts',
      'transparency/facts-store.ts',
      'checks/effects.ts',
      'checks/stopping-store.ts',
      'checks/stopping.rules.ts',
    ],
  },
  // Keys of cases, and sealing
  {
    name: 'vault',
    holds: [
      'cases/vault.ts',
      'cases/sealed-columns.ts',
      'cases/open-case.ts',
      'cases/store.ts',
      'appeals/sealed-text.ts',
    ],
  },
  // Beside all others
  { name: 'migrations', holds: ['migrations/'], reads: ['bounds.ts', 'tables/'] },
  // Database and tables, bounds, refusals, retry, hashes
  {
    name: 'kernel',
    holds: [
      'database.ts',
      'tables/',
      'ledger/recovery/recovery-counts.ts',
      'connect.ts',
      'postgres-*.ts',
      'bounds.ts',
      'errors.ts',
      'sanctions/allowances.ts',
      'sanctions/refusal.ts',
      'audit/retry.ts',
      'node-crypto.ts',
    ],
  },
];
