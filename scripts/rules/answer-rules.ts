import type { RuleChapter } from './rule.ts';

export const answerRules: RuleChapter = {
  title: 'From record to answer',
  rules: [
    {
      rule: 'Nothing answers before the creator was told',
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
      rule: 'Held for 72 hours after the notice, unless the reason answers at once',
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
      rule: 'The notice goes to every email and phone of the record',
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
      rule: 'No notice in 7 days: withdrawn, and no late notice revives it',
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
      rule: 'Withheld notice: abuse only',
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
      rule: 'Withheld notice: by two trust holders, and withdrawn after 14 days',
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
      rule: 'A record is never edited',
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
      rule: 'An invented or edited record fails at whoever asked',
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
      rule: 'A key that the operator planted is refused',
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
      rule: 'A reason answers only where it is asked for',
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
      rule: 'Whoever asks is told that an appeal is open',
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
      rule: 'Where the ground is `not-me`, `recycled` or `facts-wrong`, the reason is not told, and the advice is `verify-identity` at most, until evidence was delivered and confirmed; codes that protect somebody keep theirs',
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
      rule: 'What a reviewer amended replaces what the submitter stated, by the signed decision',
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
      rule: 'One phone, account, wallet or IBAN alone: `verify-identity`',
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
      rule: 'No score, no advice that refuses',
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
      rule: "A record made after seeing another's is marked and corroborates nothing; nor does a platform in its first 90 days, nor one of the same group",
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
      rule: 'A length does not tell listed from unlisted',
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
      rule: 'Missing and not yours are the same bytes',
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
      rule: 'No answer without an audit row',
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
      rule: 'A signup asks with a proof of at most 24 hours',
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
