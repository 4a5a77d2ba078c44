import type { RuleChapter } from './rule.ts';

const alarms = 'packages/registry/tests/check-alarms.test.ts';
const quotas = 'packages/registry/tests/quotas.test.ts';

export const lookingRules: RuleChapter = {
  title: 'Who is looked up',
  rules: [
    {
      rule: 'A platform evaluates no more identifiers than its bucket holds, on however many servers it asks.',
      heldBy: 'code',
      where: ['packages/registry/src/checks/meter-store.ts', 'chargeMeters'],
      tests: [
        {
          file: quotas,
          title: 'two servers and 32 clients answer no more than the bucket holds',
        },
      ],
    },
    {
      rule: 'How large the bucket of each platform is can be read by everyone: declared at its registration, or set in the public log.',
      heldBy: 'signature',
      where: ['packages/registry/src/parties/platform-acts.ts', 'setQuota'],
      tests: [{ file: quotas, title: 'is what operators set it to, in the public log' }],
    },
    {
      rule: 'A platform that looks people up in the published set and does not ask, so that nobody hears of it, is stopped.',
      heldBy: 'code',
      where: ['packages/registry/src/checks/alarm.ts', 'looksWithoutAsking'],
      tests: [
        { file: alarms, title: 'where it asks nothing' },
        { file: alarms, title: 'where it asks a quarter' },
        { file: alarms, title: 'where it sends random tokens for show' },
        { file: alarms, title: 'where it asks again and again about the same one' },
        { file: 'scripts/alarm-table.test.ts', title: 'an honest member is stopped by a window' },
      ],
    },
    {
      rule: 'A platform that tries out identifiers, day after day, is stopped.',
      heldBy: 'code',
      where: ['packages/registry/src/checks/alarm.ts', 'isEnumeration'],
      tests: [{ file: alarms, title: 'by the week, within what its bucket gives' }],
    },
    {
      rule: 'What an alarm stopped goes on when two operators said in the public log what it was, and not before.',
      heldBy: 'code',
      where: ['assertExplained'],
      tests: [{ file: alarms, title: 'is lifted by two operators who say in the log what it was' }],
    },
    {
      rule: 'An honest platform that has a bad day is not stopped.',
      heldBy: 'code',
      where: ['packages/registry/src/checks/alarm.ts', 'turnWindows'],
      tests: [
        { file: alarms, title: 'on a bad day: everything an hour late, a tenth of it lost' },
        { file: alarms, title: 'on a bad day: as many signups as its bucket takes' },
      ],
    },
  ],
};
