import type { RuleChapter } from './rule.ts';

export const answerRules: RuleChapter = {
  title: 'From record to answer',
  rules: [
    {
      rule: 'No record answers a check before its creator was told.',
      heldBy: 'database',
      where: [],
      constraints: [
        'sanctions_visible_after_notice',
        'sanctions_hidden_without_notice',
        'sanctions_drafts_unnoticed',
      ],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-constraints.test.ts',
          title: 'makes nothing visible before notice, nor a draft',
        },
      ],
    },
    {
      rule: 'A record is held for 72 hours after the notice, unless its reason is one that answers at once.',
      heldBy: 'code',
      where: ['packages/registry/src/sanctions/notice.ts'],
      tests: [
        {
          file: 'packages/registry/src/sanctions/notice.test.ts',
          title: 'is 72 h from the receipt of the notice',
        },
        {
          file: 'packages/registry/tests/sanctions-lifecycle.test.ts',
          title:
            'held until 72 h after the notice, then visible, then expired, with every job stopped',
        },
      ],
    },
    {
      rule: 'The notice goes to every email address and phone number of the record.',
      heldBy: 'code',
      where: ['refuseNotice'],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-lifecycle.test.ts',
          title: 'notice reaches every email and phone, and is told once',
        },
      ],
    },
    {
      rule: 'A record of which no notice was given in 7 days is withdrawn, and no late notice revives it.',
      heldBy: 'code',
      where: ['packages/registry/src/sanctions/life.ts'],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-lifecycle.test.ts',
          title: 'no notice in 7 d: withdrawn, and no late notice revives it',
        },
      ],
    },
    {
      rule: 'Notice is withheld only where the reason is one of abuse.',
      heldBy: 'database',
      where: [],
      constraints: ['sanctions_withheld_for_abuse'],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-constraints.test.ts',
          title: 'withholds no notice outside abuse',
        },
      ],
    },
    {
      rule: 'Notice is withheld by two people of the platform, and the record is withdrawn after 14 days all the same.',
      heldBy: 'code',
      where: ['noticeWithheldAlone', 'confirmDraft'],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-two-holders.test.ts',
          title:
            'notice is withheld by two, held meanwhile, and withdrawn after 14 d without a reviewer',
        },
      ],
    },
    {
      rule: 'A record is never edited.',
      heldBy: 'database',
      where: ['packages/registry/src/migrations/grants.ts'],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-constraints.test.ts',
          title: 'does not change %s of a record',
        },
      ],
    },
    {
      rule: 'A record that was invented or edited is refused by the program of whoever asked.',
      heldBy: 'signature',
      where: ['packages/sdk/src/checks/verify-statement.ts'],
      tests: [
        {
          file: 'packages/sdk/src/checks/check.test.ts',
          title: 'an invented, edited or misdirected record fails the check',
        },
      ],
    },
    {
      rule: 'A key that the operator planted is refused by everybody who reads.',
      heldBy: 'signature',
      where: ['verifyKeyChain'],
      tests: [
        {
          file: 'packages/registry/tests/parties-keys.test.ts',
          title: 'a key that the operator planted in the database breaks the chain for everybody',
        },
      ],
    },
    {
      rule: 'A reason answers only at the purposes for which it may be asked; elsewhere the record is as if absent.',
      heldBy: 'code',
      where: ['isAskedAt'],
      tests: [
        {
          file: 'packages/registry/src/checks/answer.test.ts',
          title: 'elsewhere the record answers as if absent',
        },
      ],
    },
    {
      rule: 'Whoever asks is told that an appeal is open, and so is everyone who was told before.',
      heldBy: 'code',
      where: ['isDisputed'],
      tests: [
        {
          file: 'packages/registry/tests/appeals-flow.test.ts',
          title: 'disputed, and everyone told is told; checks answer on, and say so',
        },
      ],
    },
    {
      rule: 'Where the ground is `not-me`, `recycled` or `facts-wrong`, the reason is not told, and the advice is `verify-identity` at most, until evidence was delivered and confirmed; codes that protect somebody keep theirs.',
      heldBy: 'code',
      where: ['isReasonWithheld', 'packages/registry/src/checks/advise.ts'],
      tests: [
        {
          file: 'packages/registry/tests/appeals-evidence.test.ts',
          title:
            'the reason is withheld until evidence was delivered and confirmed, where the code protects nobody',
        },
      ],
    },
    {
      rule: 'What a reviewer amended replaces what the submitter stated, by the signed decision.',
      heldBy: 'signature',
      where: ['packages/sdk/src/checks/verify-match.ts'],
      tests: [
        {
          file: 'packages/sdk/src/checks/check.test.ts',
          title: 'refuses an amendment by anyone else, or of another sanction',
        },
      ],
    },
    {
      rule: 'A match on one phone number, account, wallet or IBAN alone advises to verify the identity, since these are shared and recycled.',
      heldBy: 'code',
      where: ['packages/registry/src/checks/advise.ts'],
      tests: [
        {
          file: 'packages/registry/src/checks/advise.test.ts',
          title: 'a second identifier of the same statement tells more',
        },
        {
          file: 'packages/registry/src/checks/advise.test.ts',
          title: 'one identifier of each of two statements does not',
        },
      ],
    },
    {
      rule: 'There is no score, and no advice that refuses anybody.',
      heldBy: 'code',
      where: ['advices'],
      tests: [
        {
          file: 'packages/registry/src/checks/advise.test.ts',
          title: 'no number scores a person, no advice refuses',
        },
      ],
    },
    {
      rule: 'A record made after its platform was told of another is marked so and corroborates nothing; neither does one of a platform in its first 90 days, nor one of the same group.',
      heldBy: 'code',
      where: ['corroborationOf'],
      tests: [
        {
          file: 'packages/registry/tests/checks-match.test.ts',
          title: 'corroborates when another group has a live own record, and an echo does not',
        },
      ],
    },
    {
      rule: 'The length of an answer does not tell who is listed.',
      heldBy: 'code',
      where: ['packages/registry/src/checks/pad.ts'],
      tests: [
        {
          file: 'packages/registry/tests/checks-match.test.ts',
          title: 'listed and unlisted answers have one length',
        },
      ],
    },
    {
      rule: "What is missing and what is another's are answered by the same bytes.",
      heldBy: 'code',
      where: ['packages/registry/src/errors.ts'],
      tests: [
        {
          file: 'packages/registry/tests/audit-reads.test.ts',
          title: 'missing and not yours are byte-identical',
        },
      ],
    },
    {
      rule: 'Neither the length of an answer nor its time tells whoever cannot read it whether somebody is listed.',
      heldBy: 'code',
      where: ['packages/registry/src/checks/pad.ts', 'apps/server/src/http/time-class.ts'],
      tests: [
        {
          file: 'apps/server/tests/match-oracle.test.ts',
          title: 'a first disclosure, another one and no record are answers of one length',
        },
        {
          file: 'apps/server/tests/match-oracle.test.ts',
          title: 'and leave at one time, where without time classes they are told apart',
        },
      ],
    },
    {
      rule: 'Nothing is answered that is not written into the audit.',
      heldBy: 'database',
      where: ['packages/registry/src/audit'],
      tests: [
        {
          file: 'packages/registry/tests/audit-mutations.test.ts',
          title: 'no audit row, no answer',
        },
      ],
    },
    {
      rule: 'At signup a platform asks only about an identifier whose control was proven in the last 24 hours.',
      heldBy: 'code',
      where: ['proofServes'],
      tests: [
        {
          file: 'packages/registry/tests/checks-match.test.ts',
          title: 'is charged by its elements, also under two epochs',
        },
      ],
    },
  ],
};
