import type { RuleChapter } from './rule.ts';

const admissions = 'packages/registry/tests/panel-admissions.test.ts';
const challenges = 'packages/registry/tests/panel-challenges.test.ts';
const contests = 'packages/registry/tests/panel-contests.test.ts';
const leaving = 'packages/registry/tests/panel-leaving.test.ts';

export const panelRules: RuleChapter = {
  title: 'What the panel decides beside appeals',
  rules: [
    {
      rule: 'Three reviewers decide about a registration that was objected to, once its window is over; without a majority to admit the platform stays out, and silence decides nothing.',
      heldBy: 'database',
      where: ['packages/registry/src/parties/admitting.ts', 'admitParty'],
      constraints: [
        'admissions_admission',
        'panel_items_majority',
        'panel_items_one_admission',
        'parties_membership',
      ],
      tests: [
        {
          file: admissions,
          title: 'is decided by three reviewers, who read every objection, once its window is over',
        },
        {
          file: admissions,
          title: 'is admitted by a majority, and its probation begins with the decision',
        },
        { file: admissions, title: 'stays out without a majority, and reads why' },
        {
          file: admissions,
          title: 'is neither let in nor turned away by silence, however long that lasts',
        },
        { file: admissions, title: 'takes no admission but what an item says' },
        {
          file: admissions,
          title: 'takes no decision on a registration by a deadline, nor a second item',
        },
      ],
    },
    {
      rule: 'Nobody judges a registration who works, or worked in the last 24 months, for a platform that objected to it.',
      heldBy: 'database',
      where: ['packages/registry/src/panel/store.ts', 'whoMayVote'],
      constraints: ['panel_votes_apart'],
      tests: [
        { file: admissions, title: 'is judged by nobody of the pay of who objects' },
        { file: admissions, title: 'takes no vote before the window is over' },
      ],
    },
    {
      rule: 'The records of a platform that left are put to the panel; one stays only where a reviewer examined it on its evidence after that.',
      heldBy: 'database',
      where: ['packages/registry/src/accountability/audit-opening.ts', 'openLeaving'],
      constraints: ['sanctions_confirmed'],
      tests: [
        { file: leaving, title: 'are all put to the panel, and the entry says how many' },
        { file: leaving, title: 'stay where a reviewer examined them, and end where nobody did' },
        { file: leaving, title: 'are reversed where a reviewer found that they do not hold' },
        {
          file: leaving,
          title: 'lets no record outlive the membership that no reviewer examined after it',
        },
      ],
    },
    {
      rule: 'A platform that was told of a record may say that an identifier of it changed hands; where two reviewers agree the identifier leaves the record, everyone told corrects what they know, and a record without another identifier is reversed.',
      heldBy: 'database',
      where: ['packages/registry/src/panel/case-closing.ts', 'closeCaseItem'],
      constraints: ['challenges_challenge', 'subjects_detach', 'panel_items_majority'],
      tests: [
        {
          file: challenges,
          title: 'leaves the record by two reviewers, and everyone told corrects what they know',
        },
        {
          file: challenges,
          title: 'that was the only one of a record ends it as mistaken identity',
        },
        {
          file: challenges,
          title: 'stays by %s and %s, and is challenged again only about a later day',
        },
        { file: challenges, title: 'stays where nobody decides, before any job ran' },
        { file: challenges, title: 'detaches a subject by a decision alone' },
      ],
    },
    {
      rule: 'Saying that an identifier changed hands tells a platform nothing of records that it was not told of.',
      heldBy: 'database',
      where: ['packages/registry/src/panel/challenging.ts', 'challenge'],
      constraints: ['challenges_challenge'],
      tests: [
        { file: challenges, title: 'tells nobody of what they were not told of' },
        {
          file: challenges,
          title: 'takes no challenge of whom nobody told, nor about the time before',
        },
      ],
    },
    {
      rule: 'Between two who each proved an identifier of a record two reviewers decide; until then the earlier holder acts and nothing is void. Only where both agree does the case change hands, and the open appeal of whoever loses it is void.',
      heldBy: 'database',
      where: ['packages/registry/src/cases/contest-by-panel.ts', 'askWhoseCase'],
      constraints: ['case_holders_hand_over', 'contests_contest', 'panel_items_one_contest'],
      tests: [
        { file: contests, title: 'reviewers decide, and until then the earlier holder acts' },
        {
          file: contests,
          title: 'two who agree hand it over: what the earlier holder has open is void',
        },
        {
          file: contests,
          title: 'without two to hand it over, as of %o, it stays, and is not asked again for 90 d',
        },
        {
          file: contests,
          title:
            'silence leaves it with whoever has it, before any job ran, and may be asked again',
        },
        {
          file: contests,
          title: 'takes a case from nobody who proved an identifier, without the panel',
        },
      ],
    },
    {
      rule: 'Each of the two says to the reviewers why the case is theirs; neither reads the other, and the submitter reads neither.',
      heldBy: 'code',
      where: ['packages/registry/src/cases/contest-by-panel.ts', 'sayWhy'],
      tests: [
        { file: contests, title: 'reviewers see which identifiers each proved, and read both' },
        {
          file: 'apps/server/tests/pages-contest.test.ts',
          title: 'two who each proved an identifier say on the page why the case is theirs',
        },
      ],
    },
    {
      rule: 'No case is erased while reviewers decide whose it is.',
      heldBy: 'database',
      where: ['packages/registry/src/retention/erasure.ts', 'erasureDue'],
      tests: [{ file: contests, title: 'erases no case about which reviewers are asked' }],
    },
    {
      rule: 'Operators do not suspend a platform for its errors; what they do suspend needs two of them.',
      heldBy: 'database',
      where: ['packages/registry/src/parties/platform-acts.ts', 'suspendPlatform'],
      constraints: ['party_suspensions_decided'],
      tests: [
        {
          file: 'packages/registry/tests/parties-operator.test.ts',
          title: 'for its errors is no act of operators: reviewers judge those',
        },
        {
          file: 'packages/registry/tests/panel-constraints.test.ts',
          title: 'that operators brought needs two of them',
        },
      ],
    },
  ],
};
