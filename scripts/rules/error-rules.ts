import type { RuleChapter } from './rule.ts';

const acc = 'packages/registry/src/accountability/';
const tests = 'packages/registry/tests/';

export const errorRules: RuleChapter = {
  title: 'Answering for errors',
  rules: [
    {
      rule: 'Over 365 days, appeals on records disclosed to another count: decided, and reversed with those conceded, withdrawn under appeal or undelivered. A lapse of the panel, a key in other hands and a victim conceded to within 7 days do not count. Findings do.',
      heldBy: 'database',
      where: ['packages/registry/src/migrations/tables-panel.ts', 'countedAppeals'],
      tests: [
        {
          file: `${tests}accountability.test.ts`,
          title: 'the same as counted by hand, whatever was closed and when',
        },
        {
          file: `${tests}accountability.test.ts`,
          title: 'only on records that were disclosed to another',
        },
      ],
    },
    {
      rule: 'A submitter that withdraws before each decision is counted.',
      heldBy: 'code',
      where: ['packages/registry/src/sanctions/ending.ts', 'judgeSubmitter'],
      tests: [
        {
          file: `${tests}accountability.test.ts`,
          title: 'a submitter that withdraws before each decision is counted',
        },
      ],
    },
    {
      rule: 'A submitter is warned at 3 reversals that are 20 % of its decided appeals, or at 10; once in 365 days, in public, in the transaction of the reversal.',
      heldBy: 'code',
      where: [`${acc}rates.ts`, 'isToBeWarned'],
      constraints: ['party_warnings_pkey'],
      tests: [
        { file: `${acc}rates.test.ts`, title: 'warned at r >= 3 and r/n >= 20 %, or r >= 10' },
        {
          file: `${tests}accountability.test.ts`,
          title: 'comes in the transaction of the third reversal, in the log and to the submitter',
        },
      ],
    },
    {
      rule: 'The panel is asked to suspend at 5 reversals that are 40 % after a warning 30 days old, or to inquire at 50 reversals in 90 days.',
      heldBy: 'code',
      where: [`${acc}rates.ts`, 'measuresDue'],
      constraints: ['panel_items_one_open'],
      tests: [
        {
          file: `${acc}rates.test.ts`,
          title: 'the panel is asked at r >= 5 and r/n >= 40 % after a warning 30 d old',
        },
        { file: `${acc}rates.test.ts`, title: 'an inquiry is asked for at r >= 50 in 90 d' },
        {
          file: `${tests}accountability.test.ts`,
          title: 'once a warning is 30 d old, by time alone',
        },
      ],
    },
    {
      rule: 'Losing appeals, however many, neither warn nor suspend a submitter.',
      heldBy: 'code',
      where: [`${acc}rates.ts`, 'measuresDue'],
      tests: [
        {
          file: `${tests}accountability.test.ts`,
          title:
            'a ring of losing appeals against an honest submitter neither warns nor suspends it',
        },
        {
          file: `${acc}rates.test.ts`,
          title: 'no number of appeals that are upheld brings any measure',
        },
      ],
    },
    {
      rule: 'A suspension for errors is decided by three reviewers, by majority, who decided none of the cases that count, belong to no platform of the group, and vote once.',
      heldBy: 'database',
      where: ['packages/registry/src/migrations/panel-seats.ts', 'mayVote'],
      constraints: [
        'panel_votes_apart',
        'panel_votes_pkey',
        'panel_items_majority',
        'party_suspensions_decided',
      ],
      tests: [
        {
          file: `${tests}panel-constraints.test.ts`,
          title: 'who decided one of the cases that count',
        },
        { file: `${tests}panel-constraints.test.ts`, title: 'who belongs to the party' },
        {
          file: `${tests}panel-constraints.test.ts`,
          title: 'comes to the harsher outcome by a majority alone',
        },
        { file: `${tests}panel-constraints.test.ts`, title: 'needs an item that decided it' },
      ],
    },
    {
      rule: 'Reviewers are assigned by rule and vote blind: a vote alone is in no entry and no answer.',
      heldBy: 'code',
      where: ['packages/registry/src/panel/seats.ts', 'seatedOn'],
      tests: [
        {
          file: `${tests}panel-suspension.test.ts`,
          title: 'vote blind: a vote alone is in no entry and no answer',
        },
        {
          file: `${tests}panel-suspension.test.ts`,
          title: 'vote once, on what they were assigned, and on nothing else',
        },
      ],
    },
    {
      rule: 'Where the panel does not decide in time the party is favoured: it is not suspended, and a suspension that it appealed is over.',
      heldBy: 'code',
      where: ['packages/registry/src/panel/majority.ts', 'majorityOf'],
      tests: [
        {
          file: `${tests}panel-suspension.test.ts`,
          title:
            'no vote in time favours the party, and nothing is asked again before another reversal',
        },
        {
          file: `${tests}panel-suspension.test.ts`,
          title: 'undecided in time, the suspension is over, before any job ran',
        },
      ],
    },
    {
      rule: 'A suspension by the panel is appealed once, before three others.',
      heldBy: 'database',
      where: [`${acc}appealing.ts`, 'appealSuspension'],
      constraints: ['panel_items_appealed_once', 'panel_votes_apart'],
      tests: [
        { file: `${tests}panel-suspension.test.ts`, title: 'goes to three others, once' },
        {
          file: `${tests}panel-constraints.test.ts`,
          title: 'who voted for the suspension, on its appeal',
        },
      ],
    },
    {
      rule: 'What the panel suspended, the operator cannot give back.',
      heldBy: 'database',
      where: ['packages/registry/src/parties/platform-acts.ts', 'restorePlatform'],
      constraints: [
        'party_suspensions_lift',
        'parties_suspension_stands',
        'party_suspensions_final',
      ],
      tests: [
        {
          file: `${tests}panel-constraints.test.ts`,
          title: 'is lifted by a decision on its appeal alone',
        },
        { file: `${tests}panel-constraints.test.ts`, title: 'holds the flag of the party' },
        {
          file: `${tests}panel-suspension.test.ts`,
          title: 'is not restored by the operators, alone or with their own suspension',
        },
      ],
    },
    {
      rule: 'Suspension stops new records, and nothing else.',
      heldBy: 'code',
      where: [`${acc}suspension-store.ts`, 'isSuspendedAt'],
      tests: [
        {
          file: `${tests}panel-suspension.test.ts`,
          title: 'answers appeals, withdraws, notifies and checks as before',
        },
      ],
    },
    {
      rule: 'Old records of a suspended platform are examined again; from 30 days on one that nobody examined answers no check until somebody did.',
      heldBy: 'code',
      where: ['packages/registry/src/sanctions/life.ts', 'unexamined'],
      tests: [
        {
          file: `${tests}audits.test.ts`,
          title: 'answer no check from 30 d on until they were examined',
        },
      ],
    },
    {
      rule: 'A suspension and a submission wait for each other: a record is refused, or is one of those that are examined again.',
      heldBy: 'code',
      where: ['packages/registry/src/sanctions/submission-store.ts', 'readPlatform'],
      tests: [
        {
          file: `${tests}submission-races.test.ts`,
          title: 'the submission first: the suspension waits, and the record is examined again',
        },
        {
          file: `${tests}submission-races.test.ts`,
          title: 'the suspension first: the submission waits for it, and is refused',
        },
      ],
    },
    {
      rule: 'Each quarter the ledger draws max(5, 1 %) of the unappealed records of each submitter; whoever has the list repeats the draw.',
      heldBy: 'code',
      where: [`${acc}draw.ts`, 'drawAudits'],
      constraints: ['audit_draws_pkey'],
      tests: [
        { file: `${acc}draw.test.ts`, title: 'max(5, 1 %) are drawn, as far as there are so many' },
        {
          file: `${tests}audits.test.ts`,
          title: 'takes five of seven, once, as anybody repeats it who has the list',
        },
      ],
    },
    {
      rule: 'A drawn record whose evidence fails, does not come in 7 days, or that is withdrawn after the draw counts as a reversal.',
      heldBy: 'code',
      where: [`${acc}audit-closing.ts`, 'closeAuditOf'],
      tests: [
        {
          file: `${tests}audits.test.ts`,
          title: 'that fails is a reversal, with its recalls, and counted',
        },
        {
          file: `${tests}audits.test.ts`,
          title: 'of which no evidence came in 7 d is a reversal, before any job ran',
        },
        { file: `${tests}audits.test.ts`, title: 'is not dodged by a withdrawal' },
      ],
    },
    {
      rule: 'An audit is made by one reviewer who is independent of the submitter and of everybody told, and nobody else votes on it.',
      heldBy: 'database',
      where: ['packages/registry/src/migrations/tables-panel.ts', 'panelGuards'],
      constraints: ['audits_assign', 'panel_votes_apart'],
      tests: [
        {
          file: `${tests}audits.test.ts`,
          title: 'is not assigned to a reviewer of the platform, whoever writes it',
        },
        {
          file: `${tests}audits.test.ts`,
          title: 'is one reviewer’s, and evidence is for nobody else',
        },
      ],
    },
  ],
};
