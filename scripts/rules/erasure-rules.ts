import type { RuleChapter } from './rule.ts';

const erasing = 'packages/registry/tests/retention-erasure.test.ts';
const searching = 'packages/registry/tests/retention-search.test.ts';
const restoring = 'packages/registry/tests/recovery-erasure.test.ts';
const reviewed = 'packages/registry/tests/recovery-review.test.ts';

export const erasureRules: RuleChapter = {
  title: 'Retention and erasure',
  rules: [
    {
      rule: 'Tokens, salts, kept bytes and texts of a reversed record are erased at once after its recalls are closed; its case stays open to its creator, with the letter, until 180 days after the end.',
      heldBy: 'code',
      where: ['packages/registry/src/retention/erasure.ts', 'erasureDue'],
      tests: [
        {
          file: erasing,
          title: 'loses tokens, salts, kept bytes and texts at once after its recalls are closed',
        },
        {
          file: erasing,
          title: 'is open to its creator, with the letter, until 180 days after its end',
        },
        { file: 'packages/registry/src/retention/erasure.test.ts', title: '%s: what is erased' },
      ],
    },
    {
      rule: 'Any other record is erased 180 days after its end, later while an appeal or a recall is open, and never before the time to appeal is over; from then on it opens no more, with every job stopped.',
      heldBy: 'code',
      where: ['packages/registry/src/retention/erasing.ts', 'dueErasure'],
      tests: [
        {
          file: erasing,
          title:
            'is erased 180 days after its end, and opens no more from then on with every job stopped',
        },
        { file: erasing, title: 'is erased later while a recall is open' },
        {
          file: erasing,
          title: 'waits for the recalls of an end that nobody has written down',
        },
        {
          file: 'packages/registry/src/retention/erasure.test.ts',
          title: 'nothing is erased while it can still be appealed',
        },
      ],
    },
    {
      rule: 'The service role erases no case before its time, and nothing of a case around that rule.',
      heldBy: 'database',
      where: ['packages/registry/src/migrations/erase-functions.ts', 'eraseFunctions'],
      tests: [
        {
          file: erasing,
          title:
            'erases neither a live record, nor one with an open recall, nor one before its time',
        },
        { file: erasing, title: 'erases nothing around the rules' },
      ],
    },
    {
      rule: 'A table says of every column what is kept, why and how long; a column that is not in it fails a test.',
      heldBy: 'code',
      where: ['packages/registry/src/retention/retention.ts', 'retention'],
      tests: [
        {
          file: 'packages/registry/tests/retention-table.test.ts',
          title:
            'every column of every table is in the table of retention once, and nothing else is',
        },
        {
          file: 'scripts/retention-table.test.ts',
          title: 'the inventory in docs/privacy.md is what the table of retention says',
        },
      ],
    },
    {
      rule: 'After 400 days nothing that was put in is found in any column or file of the database, the ledger is whole, and the doctor finds no difference.',
      heldBy: 'code',
      where: ['packages/registry/src/retention/expiry-store.ts', 'deleteExpired'],
      tests: [
        {
          file: searching,
          title:
            '400 days later nothing that was put in is found in any column or file of the database',
        },
        { file: searching, title: 'the ledger is whole, and the doctor finds no difference' },
        {
          file: searching,
          title: 'a key that was made away with under another entry is missing to the doctor',
        },
      ],
    },
    {
      rule: 'The same submitter, subject and reason after an early end stay refused after the erasure, by a hash that nobody can test a guess against without the OPRF key and the vault key; and what a platform was told of stays a prior match.',
      heldBy: 'code',
      where: ['packages/registry/src/retention/remembering.ts', 'remember'],
      tests: [
        {
          file: erasing,
          title: 'the same submitter, subject and reason stay refused as already decided',
        },
        {
          file: erasing,
          title: 'what a platform records that was told of the subject is a prior match',
        },
      ],
    },
    {
      rule: 'The holder of a case may ask for its erasure, which is then not put off for 180 days; an objection to a live record opens the appeal that decides it.',
      heldBy: 'code',
      where: ['packages/registry/src/cases/request-erasure.ts', 'requestErasure'],
      tests: [
        {
          file: erasing,
          title:
            'of a holder who proved an identifier erases an ended case at once, without the 180 days',
        },
        { file: erasing, title: 'waits for an open recall, and is shown in the case meanwhile' },
        { file: erasing, title: 'that objects to a live record opens the appeal that decides it' },
      ],
    },
    {
      rule: 'A restore re-applies the erasures first: an old copy of the database answers no case until what was erased since is erased again.',
      heldBy: 'code',
      where: ['packages/registry/src/ledger/ledger-guard.ts', 'LedgerGuard'],
      tests: [
        {
          file: 'packages/registry/tests/ledger-guard.test.ts',
          title: 'an old copy of the database (%s) answers no case: it may have been erased since',
        },
        {
          file: restoring,
          title: 'what was erased after the copy is erased again, as far as it was',
        },
        {
          file: restoring,
          title: 'nothing of an erased case is in any column of the database that was restored',
        },
        {
          file: 'apps/server/tests/ledger-recovery.test.ts',
          title:
            'is an old copy says so, signs nothing, and opens no case: it may have been erased since',
        },
      ],
    },
    {
      rule: 'A request for erasure by a holder who has the code of the notice alone waits for 30 days, and is void once somebody proves an identifier and takes the case: what a contested holder did is void.',
      heldBy: 'database',
      where: [
        'packages/registry/src/migrations/erase-functions.ts',
        'erasure_asked',
        'codeAloneDays',
      ],
      tests: [
        {
          file: 'packages/registry/tests/retention-erasure.test.ts',
          title:
            'waits for 30 days where the holder has the code of the notice alone, by SQL as well',
        },
        {
          file: 'packages/registry/tests/hostile-plays.test.ts',
          title:
            'and has it erased, as a submitter may who would not be found wrong, loses case and request to its creator',
        },
      ],
    },
    {
      rule: 'While somebody told acknowledges a recall, however late, nothing of the case is erased; afterwards all of it is.',
      heldBy: 'database',
      where: ['packages/registry/src/retention/erasure-store.ts', 'erasableOf'],
      tests: [
        {
          file: 'packages/registry/tests/submission-races.test.ts',
          title: 'an erasure and a late acknowledgement: nothing is erased before it',
        },
      ],
    },
    {
      rule: 'Restored from an old copy, a registry destroys again what a reviewer rejected as illegal media or data of others.',
      heldBy: 'code',
      where: ['packages/registry/src/ledger/recovery/apply-digest.ts', 'rejectEvidence'],
      tests: [{ file: reviewed, title: 'destroys evidence again that was rejected' }],
    },
    {
      rule: 'Restored from an old copy, a registry obeys the orders of courts that the log has, names the two who executed them, and keeps what reviewers said of withheld notices and which records are audited.',
      heldBy: 'code',
      where: ['packages/registry/src/ledger/recovery/apply-order.ts', 'applyOrder'],
      tests: [
        {
          file: reviewed,
          title: 'regains the orders of courts, what they did, and which two people did it',
        },
        {
          file: reviewed,
          title: 'regains what a reviewer said of a withheld notice, and who it was',
        },
        { file: reviewed, title: 'audits what was drawn, for as long' },
      ],
    },
  ],
};
