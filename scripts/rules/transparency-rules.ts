import type { RuleChapter } from './rule.ts';

const report = 'packages/registry/tests/report.test.ts';
const suppression = 'packages/registry/src/transparency/suppress.test.ts';
const served = 'apps/server/tests/transparency.test.ts';

export const transparencyRules: RuleChapter = {
  title: 'The report',
  rules: [
    {
      rule: 'What was recorded, told, appealed, decided, recalled and audited is published in figures, by platform, reason, month and year, under a published schema.',
      heldBy: 'code',
      where: ['packages/registry/src/transparency/make-report.ts', 'makeReport'],
      tests: [
        { file: served, title: 'the report says what it was derived from' },
        { file: served, title: 'its schema is published' },
      ],
    },
    {
      rule: 'Each figure that the ledger can tell is derived twice, from the tables and from the entries of the ledger, and the report says whether both are the same.',
      heldBy: 'code',
      where: ['packages/registry/src/transparency/fold-case.ts', 'foldCase'],
      tests: [
        { file: report, title: 'after a history of everything, tables and ledger say the same' },
        { file: report, title: 'the report says that tables and ledger differ where' },
        { file: report, title: 'an entry of the log was changed' },
        {
          file: 'packages/registry/tests/report-histories.test.ts',
          title: 'after any order of acts, retries and clock moves',
        },
      ],
    },
    {
      rule: 'Only a record that the ledger says was erased is left out of that comparison, and its figures stay in the report.',
      heldBy: 'code',
      where: ['packages/registry/src/transparency/count-tables.ts', 'countTables'],
      tests: [
        { file: report, title: 'a case is said to be erased, and the log does not say so' },
        { file: report, title: 'erased records stay in the figures' },
      ],
    },
    {
      rule: 'A month or year of one reason with fewer than five is not published, nor what it could be computed from; the totals of a platform always are.',
      heldBy: 'code',
      where: ['packages/registry/src/transparency/suppress.ts', 'hiddenOf'],
      tests: [
        { file: suppression, title: 'no hidden cell can be computed from what is published' },
        { file: suppression, title: 'cells below five are hidden' },
      ],
    },
    {
      rule: 'The six reasons nearest to speech are told apart, and their totals are never suppressed.',
      heldBy: 'code',
      where: ['packages/registry/src/transparency/build-report.ts', 'speechReasons'],
      tests: [{ file: report, title: 'the six reasons next to speech are told apart' }],
    },
    {
      rule: 'The report is made once a day, and says of when it is.',
      heldBy: 'code',
      where: ['packages/registry/src/transparency/renew-report.ts', 'renewReport'],
      tests: [{ file: report, title: 'the report is made once a day' }],
    },
  ],
};
