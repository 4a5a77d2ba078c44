import type { RuleChapter } from './rule.ts';

export const powerRules: RuleChapter = {
  title: 'Power',
  rules: [
    {
      rule: 'Two people of the operator are needed to register, suspend or restore a platform, to end its membership, to seat or remove a reviewer, to enable a reason that names a crime, and to execute an order.',
      heldBy: 'database',
      where: [],
      constraints: ['proposals_two_people'],
      tests: [
        {
          file: 'packages/registry/tests/parties-two-holders.test.ts',
          title: 'the first call proposes, the same call by another holder executes',
        },
        {
          file: 'packages/registry/tests/parties-two-holders.test.ts',
          title: 'the database takes no execution by the proposer, and none that is late',
        },
      ],
    },
    {
      rule: 'One person is not two, of the operator or of the panel, by having two keys.',
      heldBy: 'code',
      where: ['assertTwoPeople'],
      tests: [
        {
          file: 'packages/registry/tests/parties-two-holders.test.ts',
          title: 'one admin alone is one holder',
        },
      ],
    },
    {
      rule: 'No platform holds the key of a reviewer.',
      heldBy: 'database',
      where: [],
      constraints: ['keys_role_of_party'],
      tests: [
        {
          file: 'packages/registry/tests/parties-constraints.test.ts',
          title: 'keys of a role that the party does not have: no platform holds a reviewer key',
        },
      ],
    },
    {
      rule: 'Each of these acts makes a public entry in the ledger.',
      heldBy: 'code',
      where: ['packages/registry/src/parties/log-act.ts'],
      tests: [
        {
          file: 'packages/registry/tests/parties-operator.test.ts',
          title: 'is public when proposed and when executed, and in the directory',
        },
      ],
    },
    {
      rule: 'Every answer comes with a signed receipt, by which its caller can prove it.',
      heldBy: 'signature',
      where: ['packages/protocol/src/receipt.ts'],
      tests: [
        {
          file: 'packages/protocol/src/receipt.test.ts',
          title: 'gives each call of a group of 1 to 20 a receipt of its own',
        },
        {
          file: 'packages/registry/tests/audit-reads.test.ts',
          title: 'a crowd shares signatures, and each call verifies its own receipt',
        },
      ],
    },
    {
      rule: 'A platform that lost its admin key gets a new first one by two operators, its own domain, and seven days in public',
      heldBy: 'database',
      where: ['packages/registry/src/parties/reenrol.ts'],
      constraints: ['reenrolments_waiting', 'reenrolments_in_time', 'proposals_two_people'],
      tests: [
        {
          file: 'packages/registry/tests/parties-reenrol.test.ts',
          title: 'gets a new first key seven days after everybody could read of it',
        },
        {
          file: 'packages/registry/tests/parties-reenrol.test.ts',
          title: 'no new first key comes sooner than seven days, nor after it was stopped',
        },
        {
          file: 'packages/registry/tests/parties-reenrol.test.ts',
          title: 'is given new ones only where its own domain asks for it',
        },
      ],
    },
    {
      rule: "The operator and the panel belong to no platform's group.",
      heldBy: 'code',
      where: ['reservedGroups'],
      tests: [
        {
          file: 'packages/registry/tests/parties-operator.test.ts',
          title: 'the group of the operator',
        },
        {
          file: 'packages/registry/tests/parties-operator.test.ts',
          title: 'the group of the panel',
        },
      ],
    },
    {
      rule: 'Any live key of the platform stops that, for good',
      heldBy: 'database',
      where: ['packages/registry/src/parties/reenrol.ts'],
      constraints: ['reenrolments_one_end', 'reenrolments_final'],
      tests: [
        {
          file: 'packages/registry/tests/parties-reenrol.test.ts',
          title: 'keeps them where any of them says so in time, even one without rights',
        },
      ],
    },
    {
      rule: 'Whoever verifies keys takes no new first one that was not announced in the log, in time, with all before it revoked',
      heldBy: 'signature',
      where: ['packages/protocol/src/key-chain.ts', 'apps/cli/src/ledger/key-rules.ts'],
      tests: [
        { file: 'packages/protocol/src/key-chain-again.test.ts', title: 'sooner than seven days' },
        {
          file: 'apps/cli/src/ledger/key-rules.test.ts',
          title:
            'are planted where nothing announced them, too early, beside others, or once stopped',
        },
      ],
    },
    {
      rule: 'The panel always keeps an admin of its own, so that operators cannot remove the last.',
      heldBy: 'code',
      where: ['removeReviewer'],
      tests: [
        {
          file: 'packages/registry/tests/parties-operator.test.ts',
          title: 'who is the last admin of the panel, or is none of its, cannot be removed',
        },
      ],
    },
  ],
};
