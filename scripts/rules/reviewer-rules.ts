import type { RuleChapter } from './rule.ts';

export const reviewerRules: RuleChapter = {
  title: 'Speech, reviewers and the panel',
  rules: [
    {
      rule: 'An appeal on the ground of expression has its relief decided within three days; relief that nobody decided in time is granted: no check answers until the appeal is decided, with every job stopped as well.',
      heldBy: 'database',
      where: ['packages/registry/src/sanctions/appeal-clock.ts', 'overdueCauses'],
      constraints: ['appeals_expression_relief', 'appeals_relief_in_time', 'appeals_relief_final'],
      tests: [
        {
          file: 'packages/registry/tests/appeals-expression.test.ts',
          title:
            'that nobody decided in 3 d is granted: right when read, then written with its pause',
        },
        {
          file: 'packages/registry/tests/appeals-expression.test.ts',
          title: 'is neither put off nor refused late, by SQL',
        },
      ],
    },
    {
      rule: 'Two reviewers, blind to each other, decide an appeal on the ground of expression; disagreement reverses.',
      heldBy: 'database',
      where: ['packages/protocol/src/appeal.ts', 'needsTwoReviewers'],
      constraints: ['appeals_expression_two'],
      tests: [
        {
          file: 'packages/registry/tests/appeals-expression.test.ts',
          title: 'two reviewers decide speech, and it has relief to be decided, by SQL',
        },
        {
          file: 'packages/registry/tests/appeals-claims.test.ts',
          title: 'two seats of one appeal go to two, and no third',
        },
      ],
    },
    {
      rule: 'A reviewer takes an appeal on the ground of expression within two days and any other within five; what is late is assigned first, then speech, and what is late is counted.',
      heldBy: 'code',
      where: ['packages/registry/src/appeals/appeal.ts', 'claimDeadlines'],
      tests: [
        {
          file: 'packages/registry/tests/appeals-claims.test.ts',
          title: 'speech comes first, and what somebody should have taken already before it',
        },
        {
          file: 'packages/registry/tests/appeals-claims.test.ts',
          title: 'speech is to be taken within 2 d, anything else within 5 d',
        },
      ],
    },
    {
      rule: 'Two reversals for expression, or one for authority-origin, in 365 days suspend the submitter whatever its rate; nothing but new records is refused, operators do not lift it, and the submitter is told by an event.',
      heldBy: 'code',
      where: ['packages/registry/src/accountability/expression-rule.ts', 'speechSuspension'],
      tests: [
        {
          file: 'packages/registry/src/accountability/expression-rule.test.ts',
          title: 'one for expression suspends nobody, two do',
        },
        {
          file: 'packages/registry/tests/appeals-expression.test.ts',
          title: 'speech reported as %s ends in expression, and suspends its repeat author',
        },
        {
          file: 'packages/registry/tests/appeals-expression.test.ts',
          title: 'speech reported as ban evasion ends in expression, and counts',
        },
        {
          file: 'packages/registry/tests/appeals-expression.test.ts',
          title: 'one reversal for authority-origin suspends, whatever was appealed',
        },
        {
          file: 'packages/registry/tests/appeals-expression.test.ts',
          title: 'suspended, it still gives notice and withdraws, and operators cannot lift it',
        },
      ],
    },
    {
      rule: 'A record that names a flagger which is a public body is refused by name, and one that names a flagger nobody knows is refused.',
      heldBy: 'code',
      where: ['packages/registry/src/sanctions/conduct-rules.ts', 'authorityOrigin'],
      tests: [
        {
          file: 'packages/registry/tests/appeals-expression.test.ts',
          title:
            'a flagger for an authority is refused by name, and one that nobody knows is refused',
        },
      ],
    },
    {
      rule: 'While the oldest appeal that nobody took is older than ten days no new records are taken: first of the submitters with most open appeals, a fifth more each day, and everybody from fourteen days on.',
      heldBy: 'code',
      where: ['packages/registry/src/appeals/capacity.ts', 'isRefusedFor'],
      tests: [
        {
          file: 'packages/registry/src/appeals/capacity.test.ts',
          title:
            'a fifth of them more each day, equals together, and everybody from the fourteenth',
        },
        {
          file: 'packages/registry/tests/appeals-capacity.test.ts',
          title:
            'a ring of 5,000 appeals against an honest submitter neither suspends it nor lets new records in while the panel is behind',
        },
      ],
    },
    {
      rule: 'The language that the creator states counts in assignment for two days; then anyone is assigned.',
      heldBy: 'code',
      where: ['packages/registry/src/appeals/claim-store.ts', 'eligibleAppeals'],
      tests: [
        {
          file: 'packages/registry/tests/appeals-claims.test.ts',
          title: 'the language of the case counts for 2 d, then anyone is assigned',
        },
      ],
    },
    {
      rule: 'A reviewer may opt out of reason codes, nine at most, and is assigned nothing of these.',
      heldBy: 'code',
      where: ['packages/registry/src/appeals/preferences.ts', 'setPreferences'],
      tests: [
        {
          file: 'packages/registry/tests/appeals-claims.test.ts',
          title: 'nothing of a code that they opted out of; nine codes at most',
        },
      ],
    },
    {
      rule: 'A reviewer who gave a case back gets nothing of the same record again, also not a later appeal.',
      heldBy: 'database',
      where: ['packages/registry/src/migrations/tables-review.ts', 'isNewTo'],
      constraints: ['claims_independent'],
      tests: [
        {
          file: 'packages/registry/tests/appeals-claims.test.ts',
          title: 'nothing of a case that they gave back, also of a later appeal',
        },
      ],
    },
    {
      rule: 'A record whose notice is withheld answers nothing until an independent reviewer confirmed the ground, and is withdrawn where its creator was not told within fourteen days, confirmed or not.',
      heldBy: 'database',
      where: ['packages/registry/src/appeals/notice-review.ts', 'reviewNotice'],
      constraints: [
        'sanctions_visible_after_notice',
        'sanctions_ground_of_withheld',
        'sanctions_ground_confirmed',
        'notice_reviews_independent',
      ],
      tests: [
        {
          file: 'packages/registry/tests/notice-review.test.ts',
          title: 'is held until a reviewer confirms the ground',
        },
        {
          file: 'packages/registry/tests/notice-review.test.ts',
          title:
            'confirmed, it is withheld for 14 d in all: then withdrawn, and everyone told undoes it',
        },
        {
          file: 'packages/registry/tests/notice-review.test.ts',
          title: 'shows nothing before notice without the word of a reviewer',
        },
        {
          file: 'packages/registry/tests/notice-review.test.ts',
          title: 'confirms nothing by somebody of the submitter',
        },
      ],
    },
    {
      rule: 'Where a reviewer refuses that notice is withheld the record stays hidden, and notice is due in seven days, no later than it was due before.',
      heldBy: 'code',
      where: ['packages/registry/src/appeals/notice-review.ts', 'reviewNotice'],
      tests: [
        {
          file: 'packages/registry/tests/notice-review.test.ts',
          title: 'refused, it stays held and notice is owed in 7 d, never later than before',
        },
      ],
    },
    {
      rule: 'A reviewer who judged the notice of a record decides no appeal of it.',
      heldBy: 'database',
      where: ['packages/registry/src/migrations/tables-review.ts', 'isNewTo'],
      constraints: ['claims_independent', 'notice_reviews_independent'],
      tests: [
        {
          file: 'packages/registry/tests/notice-review.test.ts',
          title:
            'by nobody of its submitter, nobody twice, and whoever confirmed decides no appeal of it',
        },
      ],
    },
    {
      rule: 'A reviewer is seated with a published term and affiliations, and by the signatures of two who sit; the first three seats of a registry need none.',
      heldBy: 'signature',
      where: ['packages/registry/src/parties/countersignatures.ts', 'openCountersignatures'],
      constraints: ['countersignatures_pkey'],
      tests: [
        {
          file: 'packages/registry/tests/panel-seats.test.ts',
          title: 'needs two sitting reviewers, and is published with its term',
        },
        {
          file: 'packages/registry/tests/panel-seats.test.ts',
          title: 'what was signed for one seat is nothing for another, or for other terms',
        },
        {
          file: 'packages/registry/tests/panel-seats.test.ts',
          title: 'nobody signs who does not sit: of another party, removed, or past their term',
        },
        {
          file: 'packages/registry/tests/panel-seats.test.ts',
          title: 'the first three of a registry need nobody; the fourth does',
        },
      ],
    },
    {
      rule: 'A reviewer has ten open cases at most; one that they make no key for goes to somebody else after a day, and does not come back.',
      heldBy: 'code',
      where: ['packages/registry/src/appeals/claiming.ts', 'mostClaims', 'assignmentHours'],
      tests: [
        {
          file: 'packages/registry/tests/appeals-claims.test.ts',
          title: 'ten open claims of one reviewer, and no more',
        },
        {
          file: 'packages/registry/tests/appeals-claims.test.ts',
          title: 'an assignment that nobody took goes to somebody else, and does not come back',
        },
      ],
    },
    {
      rule: 'A reviewer who is removed, or no longer independent, loses the seat to somebody else, and the submitter has seven days to seal its evidence anew.',
      heldBy: 'code',
      where: ['releaseVacated', 'afterLostClaim'],
      tests: [
        {
          file: 'packages/registry/tests/appeals-claims.test.ts',
          title: 'a reviewer who is no longer independent loses the seat',
        },
        {
          file: 'packages/registry/tests/hostile-plays.test.ts',
          title:
            'is replaced once two operators removed them, and the submitter has time to seal anew',
        },
      ],
    },
  ],
};
