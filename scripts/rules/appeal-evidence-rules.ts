import type { RuleChapter } from './rule.ts';

const disputes = 'packages/registry/tests/appeals-disputes.test.ts';
const again = 'packages/registry/tests/appeals-again.test.ts';
const outcomes = 'packages/registry/tests/appeals-outcomes.test.ts';
const disputing = 'packages/registry/src/appeals/disputing.ts';

export const appealEvidenceRules: RuleChapter = {
  title: 'Evidence and life of appeals',
  rules: [
    {
      rule: 'Evidence that one reviewer says does not fit is opened again, from the same bytes, by another reviewer.',
      heldBy: 'database',
      where: [disputing, 'dispute'],
      constraints: ['disputes_by_another', 'disputes_independent', 'disputes_claimed'],
      tests: [
        {
          file: disputes,
          title: 'another reviewer is given the same bytes with the content key of the first',
        },
        { file: disputes, title: 'nobody repeats their own claim' },
        { file: disputes, title: 'an affiliated reviewer repeats nothing' },
        { file: disputes, title: 'nobody says that evidence does not fit who' },
      ],
    },
    {
      rule: 'Both reviewers compare with what the submitter signed, not with what the registry shows.',
      heldBy: 'signature',
      where: ['packages/sdk/src/evidence/dispute.ts', 'recheck'],
      tests: [
        {
          file: 'packages/sdk/src/evidence/dispute.test.ts',
          title: 'the second opens the same bytes by the key of the first, and finds the same',
        },
        {
          file: 'packages/sdk/src/evidence/dispute.test.ts',
          title: 'a key that opens nothing proves nothing',
        },
      ],
    },
    {
      rule: 'What two reviewers find not to fit is destroyed and delivered once more; a second time the record is reversed.',
      heldBy: 'code',
      where: [disputing, 'settle'],
      tests: [
        {
          file: disputes,
          title: 'repeats it: destroyed, and the submitter has three days for one that fits',
        },
        {
          file: disputes,
          title:
            'repeats it a second time: reversed, evidence-mismatch, and everyone told undoes it',
        },
      ],
    },
    {
      rule: 'What a second reviewer finds to fit is confirmed, and the claim of the first is void.',
      heldBy: 'code',
      where: [disputing, 'settle'],
      tests: [
        { file: disputes, title: 'finds that it fits: it is confirmed, and the claim is void' },
      ],
    },
    {
      rule: 'A settled dispute stays settled, and keeps no key.',
      heldBy: 'database',
      where: ['packages/registry/src/migrations/tables-disputes.ts', 'disputeTables'],
      constraints: ['disputes_final'],
      tests: [{ file: disputes, title: 'what was settled stays settled, and keeps no key' }],
    },
    {
      rule: 'Illegal media and data of third parties are destroyed; a fit item is due in 3 days, and nobody gains time by it.',
      heldBy: 'code',
      where: ['packages/registry/src/appeals/evidence-clock.ts', 'redeliveryClock'],
      tests: [
        {
          file: 'packages/registry/src/appeals/evidence-clock.test.ts',
          title: '3 d to redeliver, reversed 14 d after the first item that was destroyed',
        },
        {
          file: 'packages/registry/src/appeals/evidence-clock.test.ts',
          title: 'what nobody may hold gains no time: its three days, and no more',
        },
      ],
    },
    {
      rule: 'A dismissed appeal may be reopened once, by another reviewer, without waiting.',
      heldBy: 'database',
      where: ['packages/registry/src/appeals/appeal.ts', 'mayReopen'],
      constraints: ['appeals_reopened', 'decisions_pkey'],
      tests: [
        {
          file: again,
          title: 'another reviewer may reopen it, once, without waiting and without news',
        },
        { file: again, title: 'the database keeps it to once' },
      ],
    },
    {
      rule: 'A later appeal comes 90 days on, with new information and another reviewer.',
      heldBy: 'code',
      where: ['packages/registry/src/appeals/appeal.ts', 'mayAppeal'],
      tests: [{ file: again, title: 'needs new information and another reviewer, 90 d on' }],
    },
    {
      rule: 'A submitter that agrees within 7 days that the person is a victim is not counted as wrong for it.',
      heldBy: 'database',
      where: ['packages/registry/src/migrations/tables-panel.ts', 'countedAppeals'],
      tests: [
        {
          file: 'packages/registry/tests/accountability.test.ts',
          title: 'a victim conceded to in 7 d',
        },
        {
          file: 'packages/registry/tests/accountability.test.ts',
          title: 'a victim conceded to who had not said to be one',
        },
        {
          file: 'packages/registry/tests/accountability.test.ts',
          title: 'a victim conceded to later',
        },
      ],
    },
    {
      rule: "A lapse is the panel's: the submitter may file once more, and the appeal goes on.",
      heldBy: 'database',
      where: ['packages/registry/src/sanctions/refile-rules.ts', 'lapsedBefore'],
      constraints: ['sanctions_refiled_once'],
      tests: [
        {
          file: again,
          title: 'the submitter may file once more, under the appeal that nobody decided',
        },
        { file: again, title: 'and no more than once' },
        { file: again, title: 'the database keeps it to once, of its own records' },
      ],
    },
    {
      rule: 'Appeals with a common evidence commitment may be decided together, each with its own decision.',
      heldBy: 'code',
      where: ['packages/registry/src/appeals/group.ts', 'groupOf'],
      tests: [
        { file: outcomes, title: 'may be decided together, each with its own decision' },
        { file: outcomes, title: 'are not those of whoever may not judge one of them' },
      ],
    },
    {
      rule: 'Every cause of a reversal makes a finding of a record that has ended, with the same recalls.',
      heldBy: 'code',
      where: ['packages/registry/src/appeals/verdict.ts', 'verdictOf'],
      tests: [
        { file: outcomes, title: '%s: reversed, and everyone told undoes it' },
        { file: outcomes, title: '%s on an ended record: a finding, with the same recalls' },
      ],
    },
    {
      rule: 'Voided for a stolen key under an appeal, a record is reversed.',
      heldBy: 'code',
      where: ['packages/registry/src/sanctions/acts.ts', 'voidOwn'],
      tests: [{ file: outcomes, title: 'voided for a stolen key under an appeal, it is reversed' }],
    },
    {
      rule: 'A reviewer who is lost with their key gives the submitter seven days anew, and reinstates nothing that was overdue.',
      heldBy: 'code',
      where: ['packages/registry/src/appeals/evidence-clock.ts', 'afterLostClaim'],
      tests: [
        {
          file: 'packages/registry/src/appeals/evidence-clock.test.ts',
          title: 'a lost claim gives a new 7 d',
        },
        {
          file: 'packages/registry/tests/appeals-deadlines.test.ts',
          title: 'more time for a new key reinstates nothing that was overdue',
        },
      ],
    },
    {
      rule: 'A creator has ten days to answer a question, which are added to the time of the decision, fourteen days in all.',
      heldBy: 'code',
      where: ['packages/registry/src/appeals/appeal.ts'],
      tests: [
        {
          file: 'packages/registry/src/appeals/appeal.test.ts',
          title: 'questions add ten days each, fourteen in all',
        },
        {
          file: 'packages/registry/tests/appeals-deadlines.test.ts',
          title: 'a question adds ten days and all of them no more than fourteen',
        },
      ],
    },
    {
      rule: 'An appeal that is manifestly unfounded is dismissed within five days of its opening, and not later.',
      heldBy: 'code',
      where: ['packages/registry/src/appeals/decision.ts'],
      tests: [
        {
          file: 'packages/registry/src/appeals/decision.test.ts',
          title: 'dismissed: within 5 d of opening, the working day after a weekend included',
        },
        {
          file: 'packages/registry/tests/appeals-decisions.test.ts',
          title: 'dismissed: within 5 d, and not later',
        },
      ],
    },
    {
      rule: 'What was found to be wrong is not appealed again: there is nothing left to win.',
      heldBy: 'code',
      where: ['mayAppeal'],
      tests: [
        {
          file: 'packages/registry/src/appeals/appeal.test.ts',
          title: 'what was found wrong is not appealed again',
        },
      ],
    },
  ],
};
