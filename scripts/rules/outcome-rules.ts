import type { RuleChapter } from './rule.ts';

export const outcomeRules: RuleChapter = {
  title: 'After a match',
  rules: [
    {
      rule: "Refusing needs a person's review at least ten minutes later, and notice",
      heldBy: 'database',
      where: [],
      constraints: ['matches_refusal_reviewed'],
      tests: [
        {
          file: 'packages/registry/tests/checks-report.test.ts',
          title: 'a refusal without a review, without a notice, too early or ahead of its report',
        },
      ],
    },
    {
      rule: 'Refusing needs a trust key',
      heldBy: 'code',
      where: ['judgeOutcome'],
      tests: [{ file: 'packages/registry/src/checks/outcome.test.ts', title: 'needs a trust key' }],
    },
    {
      rule: 'A final outcome stands',
      heldBy: 'code',
      where: ['judgeOutcome'],
      tests: [
        {
          file: 'packages/registry/tests/checks-report.test.ts',
          title: 'is final, and the same again is no second one',
        },
      ],
    },
    {
      rule: 'Who was told stays known',
      heldBy: 'database',
      where: ['packages/registry/src/checks/disclose.ts'],
      constraints: ['matches_disclosed'],
      tests: [
        {
          file: 'packages/registry/tests/checks-report.test.ts',
          title: 'who was told, when and of what',
        },
      ],
    },
  ],
};
