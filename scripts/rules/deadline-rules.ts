import type { RuleChapter } from './rule.ts';

export const deadlineRules: RuleChapter = {
  title: 'Deadlines',
  rules: [
    {
      rule: 'The deadlines of the rules are configuration within a published floor and ceiling; a registry does not start outside them, and only a sandbox leaves them.',
      heldBy: 'code',
      where: ['packages/registry/src/bounds.ts', 'deadlinesOf'],
      tests: [
        {
          file: 'packages/registry/src/bounds.test.ts',
          title: 'floor, default and ceiling are those that were published',
        },
        {
          file: 'apps/server/src/config.test.ts',
          title: 'a registry does not start with %s out of bounds',
        },
        { file: 'packages/registry/src/bounds.test.ts', title: 'only a sandbox leaves the bounds' },
      ],
    },
    {
      rule: 'A deadline on a day nobody works ends at noon of the next working day.',
      heldBy: 'code',
      where: ['packages/registry/src/bounds.ts', 'dueAt'],
      tests: [
        {
          file: 'packages/registry/src/bounds.test.ts',
          title:
            'whatever starts it, a deadline is on a working day, and never earlier than its hours',
        },
      ],
    },
    {
      rule: 'What time alone brings about is right when it is read, though every job has stopped for sixty days.',
      heldBy: 'code',
      where: ['packages/registry/src/sanctions/life.ts', 'stateAt'],
      tests: [
        {
          file: 'packages/registry/tests/alarms-standstill.test.ts',
          title: 'with every job stopped for sixty days, checks answer as with every alarm rung',
        },
      ],
    },
    {
      rule: 'After a standstill everything lapses in the order of its deadlines, once, with its recalls, as if nothing had stood still.',
      heldBy: 'code',
      where: ['packages/registry/src/due/settle-due.ts', 'settleDue'],
      tests: [
        {
          file: 'packages/registry/tests/alarms-standstill.test.ts',
          title: 'on restart after sixty days everything lapses in order, once, with its recalls',
        },
        {
          file: 'packages/registry/tests/due-settle.test.ts',
          title:
            'after sixty days of standstill, and rung every day: the same history at the same instants',
        },
      ],
    },
    {
      rule: 'A deadline has its alarm from the change that starts it, and a change that does not happen has none.',
      heldBy: 'database',
      where: ['packages/registry/src/migrations/alarms.ts', 'clocks'],
      constraints: [
        'sanctions_alarms',
        'appeals_alarms',
        'suspensions_alarms',
        'recalls_alarms',
        'matches_alarms',
      ],
      tests: [
        {
          file: 'packages/registry/tests/alarms.test.ts',
          title:
            'each deadline has its alarm from the transaction that starts it, and it says kind and id alone',
        },
        {
          file: 'packages/registry/tests/alarms.test.ts',
          title:
            'a change that is rolled back leaves no alarm, and one that is made twice leaves one',
        },
      ],
    },
    {
      rule: 'An alarm that rings twice, on two servers, or on a server that is killed meanwhile has one effect; one that is lost is made up for.',
      heldBy: 'code',
      where: ['packages/registry/src/due/alarms.ts', 'Alarms'],
      tests: [
        {
          file: 'packages/registry/tests/alarms.test.ts',
          title: 'two servers ring at once, and one alarm rings twice: one effect',
        },
        {
          file: 'packages/registry/tests/alarms-kills.test.ts',
          title: 'a server killed %s: one effect',
        },
        {
          file: 'packages/registry/tests/alarms.test.ts',
          title: 'an alarm that was lost is made up for by the sweep',
        },
      ],
    },
    {
      rule: 'What cannot be written down for one case holds up no other, and the operator is told.',
      heldBy: 'code',
      where: ['packages/registry/src/due/alarms.ts', 'onGivenUp'],
      tests: [
        {
          file: 'packages/registry/tests/alarms.test.ts',
          title: 'an alarm that fails for good holds nobody up, and is told once',
        },
        {
          file: 'packages/registry/tests/due-settle.test.ts',
          title: 'one that fails keeps nobody waiting, and stays as it was',
        },
      ],
    },
    {
      rule: 'An outcome owed 30 days is reminded of, once.',
      heldBy: 'code',
      where: ['packages/registry/src/due/remind-of-outcomes.ts', 'remindOfOutcomes'],
      tests: [
        {
          file: 'packages/registry/tests/outcomes-owed.test.ts',
          title:
            'an outcome owed 30 d is reminded of, once; owed 90 d it stops checks, until it is reported',
        },
      ],
    },
    {
      rule: 'An outcome owed 90 days stops the checks of its platform until it is reported; nothing else that a platform owes is blocked.',
      heldBy: 'code',
      where: ['packages/registry/src/checks/stopping-store.ts', 'checksStopped'],
      tests: [
        {
          file: 'packages/registry/tests/outcomes-owed.test.ts',
          title:
            'an outcome owed 30 d is reminded of, once; owed 90 d it stops checks, until it is reported',
        },
        {
          file: 'packages/registry/tests/outcomes-owed.test.ts',
          title: 'pending is no outcome: it is reminded of, and stops checks',
        },
      ],
    },
  ],
};
