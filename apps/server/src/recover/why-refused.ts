import type { LedgerFaultCode, RecoveryRefusalCode } from '@recourse/registry';

const texts: Partial<Record<LedgerFaultCode | RecoveryRefusalCode, string>> = {
  'checkpoint-missing':
    'No checkpoint is kept in the data directory, so nothing says where the log ends: put the newest checkpoint that anybody has of this log there, as the file "checkpoint". Members and witnesses keep them.',
  'checkpoint-invalid':
    'The checkpoint in the data directory was not signed by this log key: restore the data directory and the keys that belong together.',
  'copy-incomplete':
    'The copy lacks files of the log: take another one, or complete it, and run the same command again.',
  'copy-of-another-log':
    'The copy is not of this log: its checkpoint was not signed by this log key. Take another one.',
  'copy-short':
    'The copy ends too early: the log was signed further than it goes. Take a newer one.',
  'copy-damaged':
    'Files of the copy are not those that were signed: take another one, and run the same command again; it goes on where it stopped.',
  'copy-forked':
    'The copy and the checkpoint in the data directory contradict each other, and the log key signed both: the log was forked before. Keep both, sign nothing, and tell the members.',
  'database-forked':
    'The database has entries that the signed log has not, so it cannot be brought up to date: restore a copy of it that was made before the log was forked.',
  'not-needed': 'The database has all of the log that this copy has: there is nothing to recover.',
  busy: 'Another server or another recovery moves the log: stop it, and run the same command again.',
};

/** What an operator does about it. */
export const whyRefused = (code: LedgerFaultCode | RecoveryRefusalCode): string =>
  texts[code] ??
  'The ledger in the database is damaged: restore a copy of the database that was made before.';
