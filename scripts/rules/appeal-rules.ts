import type { RuleChapter } from './rule.ts';

export const appealRules: RuleChapter = {
  title: 'Appeals',
  rules: [
    {
      rule: 'A record can be appealed from its submission until 180 days after its end, whatever state it is in.',
      heldBy: 'code',
      where: ['mayAppeal'],
      tests: [
        {
          file: 'packages/registry/src/appeals/appeal.test.ts',
          title: 'from submission until 180 d after the end',
        },
      ],
    },
    {
      rule: 'A record that was not visible yet stays hidden while an appeal is open, unless its reason answers at once.',
      heldBy: 'code',
      where: ['packages/registry/src/appeals/open-appeal.ts'],
      tests: [
        {
          file: 'packages/registry/tests/appeals-flow.test.ts',
          title: 'keeps a held record held, and it runs on once the appeal is closed',
        },
      ],
    },
    {
      rule: 'One appeal of a record is open at a time.',
      heldBy: 'database',
      where: [],
      constraints: ['appeals_one_open'],
      tests: [
        {
          file: 'packages/registry/tests/appeals-constraints.test.ts',
          title: 'one open appeal at a time',
        },
      ],
    },
    {
      rule: 'Cases are assigned and not picked, and two reviewers never get one seat.',
      heldBy: 'code',
      where: ['packages/registry/src/appeals/claiming.ts'],
      tests: [
        {
          file: 'packages/registry/tests/appeals-claims.test.ts',
          title: 'two reviewers at once never get the same seat',
        },
        {
          file: 'packages/registry/tests/appeals-claims.test.ts',
          title: 'what lapses first comes first',
        },
      ],
    },
    {
      rule: 'Nobody decides who works for the submitter, for anyone told or for a platform of their groups, or did within 24 months.',
      heldBy: 'database',
      where: ['is_independent'],
      constraints: ['claims_independent', 'decisions_independent'],
      tests: [
        {
          file: 'packages/registry/tests/appeals-constraints.test.ts',
          title: 'an affiliated reviewer decides nothing',
        },
      ],
    },
    {
      rule: 'A reviewer decides a record once.',
      heldBy: 'database',
      where: [],
      constraints: ['decisions_pkey'],
      tests: [
        {
          file: 'packages/registry/tests/appeals-constraints.test.ts',
          title: 'is made once by a reviewer',
        },
      ],
    },
    {
      rule: 'Two reviewers, blind to each other, decide about physical harm, minors and expression; where they disagree the record is reversed.',
      heldBy: 'code',
      where: ['needsTwoReviewers', 'verdictOf'],
      tests: [
        {
          file: 'packages/registry/tests/appeals-decisions.test.ts',
          title: 'the first vote is visible to nobody',
        },
      ],
    },
    {
      rule: 'Evidence is opened by the reviewers on the case, and by nobody else.',
      heldBy: 'signature',
      where: ['packages/sdk/src/evidence/open.ts'],
      tests: [
        {
          file: 'packages/sdk/src/evidence/evidence.test.ts',
          title: 'is opened by each of two reviewers as what the statement committed to',
        },
        {
          file: 'packages/sdk/src/evidence/evidence.test.ts',
          title: 'refuses a claim by a platform, or by a key that the registry made up',
        },
      ],
    },
    {
      rule: 'Evidence counts only where it is what the submitter committed to when it made the record.',
      heldBy: 'signature',
      where: ['packages/sdk/src/evidence/open.ts'],
      tests: [
        {
          file: 'packages/sdk/src/evidence/evidence.test.ts',
          title: 'believes the statement, not the commitments that the registry shows',
        },
      ],
    },
    {
      rule: 'No record is upheld or amended on evidence that was not confirmed, or of which its creator was not told the gist; their silence is no evidence.',
      heldBy: 'code',
      where: ['isFounded'],
      tests: [
        {
          file: 'packages/registry/src/appeals/decision.test.ts',
          title: 'nothing is upheld on evidence of which the creator had no gist',
        },
      ],
    },
    {
      rule: 'Evidence is due 7 days after an appeal is opened and the decision after 30: what is late suspends the record, and reverses it 7 and 15 days later, with every job stopped as well.',
      heldBy: 'code',
      where: ['packages/registry/src/sanctions/appeal-clock.ts'],
      tests: [
        {
          file: 'packages/registry/tests/appeals-deadlines.test.ts',
          title:
            'overdue: suspended; as long again: reversed; right at read time, then written in order',
        },
        {
          file: 'packages/registry/tests/due-settle.test.ts',
          title: 'after sixty days of standstill, and rung every day',
        },
      ],
    },
    {
      rule: 'An amendment only shortens or lessens, and no later one gives back.',
      heldBy: 'database',
      where: [],
      constraints: ['sanctions_amendment_shortens', 'sanctions_lesser_life', 'sanctions_final'],
      tests: [
        {
          file: 'packages/registry/tests/appeals-constraints.test.ts',
          title: 'an amendment shortens',
        },
        {
          file: 'packages/registry/tests/appeals-constraints.test.ts',
          title: 'and no later one lengthens',
        },
      ],
    },
    {
      rule: 'What was decided, and what was destroyed, stays so.',
      heldBy: 'database',
      where: ['packages/registry/src/migrations/appeal-guards.ts'],
      constraints: ['appeals_final'],
      tests: [
        { file: 'packages/registry/tests/appeals-constraints.test.ts', title: 'is not undone' },
        {
          file: 'packages/registry/tests/appeals-constraints.test.ts',
          title: 'evidence that was rejected stays destroyed',
        },
      ],
    },
    {
      rule: 'A creator who withdraws an appeal may think again for 72 hours.',
      heldBy: 'code',
      where: ['withdrawAppeal'],
      tests: [
        {
          file: 'packages/registry/tests/cases-acts.test.ts',
          title:
            'a withdrawal takes effect 72 h after it was first asked for, unless the creator keeps it',
        },
      ],
    },
    {
      rule: 'A record that its submitter withdraws under an appeal counts as reversed.',
      heldBy: 'code',
      where: ['recordWithdrawal'],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-ends.test.ts',
          title: 'withdrawn under an appeal, it is conceded',
        },
      ],
    },
    {
      rule: 'The words of creator and submitter are sealed, and read by people of the submitter and by reviewers alone.',
      heldBy: 'code',
      where: ['packages/registry/src/appeals/sealed-text.ts'],
      tests: [
        {
          file: 'packages/registry/tests/appeals-flow.test.ts',
          title: 'the words of creator and submitter are for trust keys and the reviewer',
        },
      ],
    },
    {
      rule: 'Any order of acts, retries and moves of the clock comes to what the rules say.',
      heldBy: 'code',
      where: ['packages/registry/tests/model'],
      tests: [
        {
          file: 'packages/registry/tests/recourse-model.test.ts',
          title: 'lives under any order of acts, retries and clock moves',
        },
      ],
    },
    {
      rule: 'A server that is killed at any statement leaves nothing half done, and what was asked of it happens once when it is asked again',
      heldBy: 'code',
      where: ['packages/registry/src/audit/mutation.ts', 'commitMutation'],
      tests: [
        {
          file: 'packages/registry/tests/recourse-model-killed.test.ts',
          title: 'lives on servers that are killed',
        },
      ],
    },
  ],
};
