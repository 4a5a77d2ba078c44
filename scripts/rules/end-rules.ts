import type { RuleChapter } from './rule.ts';

export const endRules: RuleChapter = {
  title: 'Ends',
  rules: [
    {
      rule: 'A record expires when its time is over, with every job stopped.',
      heldBy: 'code',
      where: ['packages/registry/src/sanctions/life.ts'],
      tests: [
        {
          file: 'packages/registry/src/sanctions/life.test.ts',
          title: 'expired is computed from exp, suspended or not',
        },
        {
          file: 'packages/registry/src/sanctions/life.test.ts',
          title: 'computed at read time, a state is what jobs on every hour would have written',
        },
      ],
    },
    {
      rule: 'A record ends once, and for good.',
      heldBy: 'database',
      where: ['packages/registry/src/migrations/grants.ts'],
      constraints: ['ends_pkey'],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-constraints.test.ts',
          title: 'changes and deletes no end, and writes no second one',
        },
      ],
    },
    {
      rule: 'The history of a record stays.',
      heldBy: 'database',
      where: ['packages/registry/src/migrations/grants.ts'],
      constraints: ['sanction_events_pkey'],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-constraints.test.ts',
          title: 'rewrites no history',
        },
      ],
    },
    {
      rule: 'An end, a finding, a suspension, a reinstatement and an amendment issue a recall to every platform told, in the same transaction, and the entry in the ledger commits to all of them.',
      heldBy: 'code',
      where: ['packages/registry/src/recalls/issue-recalls.ts'],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-ends.test.ts',
          title:
            'everyone told is recalled in the transaction of the end, and the entry commits to them',
        },
      ],
    },
    {
      rule: 'Nobody is told of a record that has ended without getting a recall, whatever runs at the same time.',
      heldBy: 'code',
      where: ['lockShown', 'lockSanction'],
      tests: [
        {
          file: 'packages/registry/tests/checks-race.test.ts',
          title:
            'of 1,000 interleavings none leaves a disclosure of an ended version without a recall',
        },
      ],
    },
    {
      rule: 'What a stolen key submitted is suspended at once, and everyone told is to pause.',
      heldBy: 'code',
      where: ['packages/registry/src/parties/compromise.ts'],
      tests: [
        {
          file: 'packages/registry/tests/parties-revocation.test.ts',
          title: 'is suspended from since on when it was stolen, and earlier records stand',
        },
        {
          file: 'packages/registry/tests/parties-revocation.test.ts',
          title: 'owes a pause by every platform that was told of it',
        },
      ],
    },
    {
      rule: 'A platform finds whom a recall is about, by its own reference of each check.',
      heldBy: 'code',
      where: ['packages/registry/src/recalls/list-recalls.ts'],
      tests: [
        {
          file: 'packages/registry/tests/recalls-acknowledge.test.ts',
          title: 'a platform finds who is concerned: its own reference, purpose, time and outcome',
        },
      ],
    },
    {
      rule: 'A platform says once, signed, what it did about a recall, and not against what it reported before.',
      heldBy: 'database',
      where: ['refuseAcknowledgement'],
      constraints: [
        'acknowledgements_own_key',
        'acknowledgements_own_recall',
        'recalls_acknowledged',
      ],
      tests: [
        {
          file: 'packages/registry/tests/recalls-constraints.test.ts',
          title: 'acknowledges nothing for another party, and with no key of another',
        },
        {
          file: 'packages/registry/src/recalls/recall.test.ts',
          title: 'a recall is closed once, and a superseded one not at all',
        },
      ],
    },
    {
      rule: 'A platform that keeps its measure after a recall needs a later review of its own, and gives notice to the creator.',
      heldBy: 'database',
      where: [],
      constraints: ['acknowledgements_own_grounds', 'acknowledgements_review_then_notice'],
      tests: [
        {
          file: 'packages/registry/tests/recalls-constraints.test.ts',
          title:
            'keeps a measure on own grounds only by a review, then a notice, then the acknowledgement',
        },
      ],
    },
    {
      rule: 'A recall that is overdue is reminded of, public in the ledger and shown to the creator; 14 days later the platform makes no more checks until it answers.',
      heldBy: 'code',
      where: ['checksStopped', 'packages/registry/src/due/remind.ts'],
      tests: [
        {
          file: 'packages/registry/tests/recalls-overdue.test.ts',
          title: 'overdue: in the ledger, reminded and public, once',
        },
        {
          file: 'packages/registry/tests/recalls-overdue.test.ts',
          title: 'fourteen days overdue: checks stop with every job stopped',
        },
      ],
    },
    {
      rule: 'Everyone told hears of each change, in order, until they say that they have.',
      heldBy: 'code',
      where: ['packages/registry/src/events'],
      tests: [
        {
          file: 'packages/registry/tests/events-poll.test.ts',
          title: 'in order of version per case, as many as asked for, until acknowledged',
        },
      ],
    },
    {
      rule: 'A record of ban evasion ends with the one that it says was evaded.',
      heldBy: 'code',
      where: ['endEvaders'],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-refusals.test.ts',
          title: 'ban evasion lives while its own evaded sanction is live, and falls with it',
        },
      ],
    },
    {
      rule: 'A record that was paused answers again only once no cause of it stands; everyone told is told, and the later recall takes the place of an open earlier one.',
      heldBy: 'code',
      where: ['packages/registry/src/sanctions/transition.ts'],
      tests: [
        {
          file: 'packages/registry/src/sanctions/life.test.ts',
          title: 'suspended while any cause stands, held or visible',
        },
        {
          file: 'packages/registry/tests/appeals-deadlines.test.ts',
          title: 'delivered late, before the lapse: reinstated, and everyone told is told',
        },
        {
          file: 'packages/registry/tests/recalls-supersede.test.ts',
          title: 'paused, corrected, undone: the later takes the place of the open earlier one',
        },
      ],
    },
    {
      rule: 'Whoever may neither check nor submit still answers recalls, delivers evidence, gives notice, withdraws and keeps its keys.',
      heldBy: 'code',
      where: ['packages/registry/src/audit/store.ts'],
      tests: [
        {
          file: 'packages/registry/tests/recalls-overdue.test.ts',
          title:
            'a platform stopped for both reasons and suspended may do all but check and submit',
        },
      ],
    },
  ],
};
