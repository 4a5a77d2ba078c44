import type { RuleChapter } from './rule.ts';

export const outcomeRules: RuleChapter = {
  title: 'After a match',
  rules: [
    {
      rule: 'Whoever refuses somebody after a match has had a person review it, at least ten minutes later, and has given notice.',
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
      rule: 'A refusal is reported by a key that a person holds.',
      heldBy: 'code',
      where: ['judgeOutcome'],
      tests: [{ file: 'packages/registry/src/checks/outcome.test.ts', title: 'needs a trust key' }],
    },
    {
      rule: 'What was reported as final stands.',
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
      rule: 'Who was told of a record stays known.',
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
    {
      rule: 'Pending is reported for seven days at most, and is no outcome: what is owed stays owed.',
      heldBy: 'code',
      where: ['judgeOutcome'],
      tests: [
        { file: 'packages/registry/src/checks/outcome.test.ts', title: 'is for at most 7 days' },
        {
          file: 'packages/registry/tests/outcomes-owed.test.ts',
          title: 'pending is no outcome: it is reminded of, and stops checks',
        },
      ],
    },
    {
      rule: 'Every match is shown to the creator who holds the case, by the name of the platform, also where it never says what it did.',
      heldBy: 'code',
      where: ['packages/registry/src/cases/view.ts', 'toldOf'],
      tests: [
        {
          file: 'packages/registry/tests/hostile-plays.test.ts',
          title:
            'is named in every case with nothing done, and hears no more after 90 days, until the last of them',
        },
      ],
    },
  ],
};
