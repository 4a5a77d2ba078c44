/** One floor of `packages/registry/src`, where every file has one. */
export interface Floor {
  readonly name: string;
  /** Its folder, or files on top. */
  readonly holds: readonly string[];
  /** What alone it imports of other floors; otherwise whatever stands below it. */
  readonly reads?: readonly string[];
}

/**
 * From top to bottom: a floor imports what stands below it, by value or by type, and nothing above. `check-floors.ts`
 * holds them.
 */
export const FLOORS: readonly Floor[] = [
  // The public surface
  { name: 'index', holds: ['index.ts'] },
  // What answers each operation, what follows a change of a record, and how a server is put together
  {
    name: 'operations',
    holds: ['api.ts', 'calls.ts', 'migrate.ts', 'operations/', 'public-router.ts', 'reactions.ts'],
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
    reads: ['kernel/bounds.ts', 'kernel/retention/', 'kernel/tables/'],
  },
  // Database and tables, bounds, refusals, retry, hashes
  { name: 'kernel', holds: ['kernel/'] },
];
