import type { RuleChapter } from './rule.ts';

const acc = 'packages/registry/src/accountability/';
const looks = 'packages/registry/tests/second-looks.test.ts';
const disputes = 'packages/registry/tests/audits-disputes.test.ts';

export const lookRules: RuleChapter = {
  title: 'Decisions that are made again, and audits',
  rules: [
    {
      rule: '5 % of decisions are decided again by another reviewer: drawn by the hash of their entry with the first checkpoint that readers were shown it in, so that nobody chooses, and everybody with the opening of the entry can repeat it.',
      heldBy: 'database',
      where: [`${acc}second-look.ts`, 'isDrawn'],
      constraints: [
        'second_looks_by_hash',
        'second_looks_seeded',
        'second_looks_final',
        'audits_open',
      ],
      tests: [
        {
          file: `${acc}second-look.test.ts`,
          title: 'one decision in twenty is drawn, by root and entry alone',
        },
        { file: looks, title: 'once its entry was shown to readers, and not before' },
        { file: looks, title: 'nobody chooses, whoever writes it' },
      ],
    },
    {
      rule: 'Whoever decides again came before the record in no other way, is shown everything that the first reviewer had, and not how they decided; and judges no later appeal of it.',
      heldBy: 'database',
      where: [`${acc}audit-reading.ts`, 'readAudit'],
      constraints: ['audits_assign', 'claims_independent'],
      tests: [
        { file: looks, title: 'is none who came before the record' },
        { file: looks, title: 'reads the appeal, and not how it was decided' },
        { file: looks, title: 'judges no later appeal of the record' },
      ],
    },
    {
      rule: 'Where the two differ the record is reversed, or found to have been wrong where it had ended, and the submitter is counted once; a reversed record is never revived.',
      heldBy: 'code',
      where: [`${acc}audit-failing.ts`, 'failAudit'],
      tests: [
        {
          file: looks,
          title: 'upheld and found wrong: reversed, with its recalls, and counted once',
        },
        { file: looks, title: 'upheld on a record that had ended, and found wrong: a finding' },
        { file: looks, title: 'a reversed one is never revived: %s' },
        { file: looks, title: 'it is not dodged by a withdrawal' },
      ],
    },
    {
      rule: 'A decision that nobody made again in 30 days stands, and that is counted; evidence that the submitter does not deliver again in 7 days ends a live record as reversed.',
      heldBy: 'code',
      where: ['packages/registry/src/sanctions/life.ts', 'stateAt'],
      tests: [
        { file: looks, title: 'in time, nothing changes, and that is counted' },
        {
          file: looks,
          title: 'for want of evidence, the record is reversed, before any job ran',
        },
      ],
    },
    {
      rule: 'What a decision rests on is not erased while it is made again.',
      heldBy: 'database',
      where: ['packages/registry/src/migrations/erase-functions.ts', 'eraseFunctions'],
      tests: [
        { file: looks, title: 'what a decision rests on is not erased while it is made again' },
      ],
    },
    {
      rule: 'Evidence of an audit that a reviewer says does not fit is looked at by a second one, with the key of the first; until then nobody votes, and nothing is replaced.',
      heldBy: 'database',
      where: [`${acc}audit-disputing.ts`, 'settleForAudit'],
      constraints: ['audit_disputes_by_another', 'audit_disputes_independent'],
      tests: [
        {
          file: disputes,
          title: 'is looked at by a second reviewer, with the key of the first',
        },
        {
          file: disputes,
          title: 'is not voted on, nor replaced, nor disputed twice, before that',
        },
        {
          file: disputes,
          title: 'is looked at by nobody of the platform, and not by the first, whoever writes it',
        },
      ],
    },
    {
      rule: 'Evidence of an audit that does not fit is delivered once more in 3 days; a second time, or not at all, the record is reversed.',
      heldBy: 'code',
      where: [`${acc}audit-disputing.ts`, 'settleForAudit'],
      tests: [
        {
          file: disputes,
          title: 'is delivered once more in 3 d, and ends the record a second time',
        },
        {
          file: disputes,
          title: 'that is not delivered again is a reversal, before any job ran',
        },
      ],
    },
  ],
};
