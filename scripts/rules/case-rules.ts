import type { RuleChapter } from './rule.ts';

export const caseRules: RuleChapter = {
  title: "The creator's case",
  rules: [
    {
      rule: 'The code of the notice opens what is recorded, by whom and why; no account is needed.',
      heldBy: 'code',
      where: ['packages/registry/src/cases/view.ts'],
      tests: [
        {
          file: 'packages/registry/tests/cases-open.test.ts',
          title: 'the notice code of an unclaimed case opens the facts, and not who was told',
        },
      ],
    },
    {
      rule: 'Whoever holds the case sees who was told, by name, and what each of them owes and did.',
      heldBy: 'code',
      where: ['packages/registry/src/cases/view.ts'],
      tests: [
        {
          file: 'packages/registry/tests/cases-open.test.ts',
          title: 'the holder sees who was told by name, and what each owes',
        },
      ],
    },
    {
      rule: 'A case has one holder, also of eight who claim it at once, and a code does nothing but claim it.',
      heldBy: 'database',
      where: [],
      constraints: ['case_holders_one'],
      tests: [
        {
          file: 'packages/registry/tests/cases-claim.test.ts',
          title: 'two holders at once are refused by the database, whoever writes them',
        },
        {
          file: 'packages/registry/tests/cases-claim.test.ts',
          title: 'the code claims, and does nothing else',
        },
      ],
    },
    {
      rule: 'Without a notice a creator finds the case by proof of an address, a domain or a wallet, or by the word of a platform.',
      heldBy: 'code',
      where: ['packages/registry/src/cases/prove.ts'],
      tests: [
        {
          file: 'packages/registry/tests/cases-find.test.ts',
          title: 'a mailed code opens every case of the address by number',
        },
        {
          file: 'packages/registry/tests/cases-tickets.test.ts',
          title: 'a ticket opens every case of its account once',
        },
      ],
    },
    {
      rule: 'Only a member vouches for anybody: not a party that is still open to objection, and not one that left.',
      heldBy: 'database',
      where: ['packages/registry/src/cases/subjects-router.ts', 'issueTicket'],
      constraints: ['tickets_check'],
      tests: [
        {
          file: 'packages/registry/tests/parties-membership.test.ts',
          title: 'a party vouches for nobody, and not after leaving either',
        },
      ],
    },
    {
      rule: 'Asking tells nobody whether anything is held: there is one answer, and what is held is not looked at before the proof.',
      heldBy: 'code',
      where: ['packages/registry/src/cases/find.ts'],
      tests: [
        {
          file: 'packages/registry/tests/cases-privacy.test.ts',
          title: 'the answers of case.find differ in nothing that tells whether anything is held',
        },
      ],
    },
    {
      rule: 'One proven identifier shows submitter and dates; the facts take the code or a second identifier.',
      heldBy: 'code',
      where: ['packages/registry/src/cases/opening-found.ts'],
      tests: [
        {
          file: 'packages/registry/tests/cases-find.test.ts',
          title: 'a second identifier of the same statement opens the facts, under the same number',
        },
      ],
    },
    {
      rule: 'Whoever claimed a case by its code alone loses it, with an open appeal and a request for erasure, to whoever proves an identifier of the record.',
      heldBy: 'code',
      where: ['packages/registry/src/cases/contest.ts'],
      tests: [
        {
          file: 'packages/registry/tests/cases-contest.test.ts',
          title:
            'what an accuser did by the code that they made is void once the creator proves an address',
        },
      ],
    },
    {
      rule: 'The word of the platform that made a record opens the case to somebody, and takes it from nobody.',
      heldBy: 'code',
      where: [
        'packages/registry/src/cases/opening-found.ts',
        'packages/registry/src/cases/contest.ts',
      ],
      tests: [
        {
          file: 'packages/registry/tests/cases-tickets.test.ts',
          title: 'the platform that made the record takes it from nobody by a ticket of its own',
        },
      ],
    },
    {
      rule: 'Codes and keys are stored as hashes, and the messages with them not at all.',
      heldBy: 'code',
      where: ['packages/registry/src/audit/handle-case.ts'],
      tests: [
        {
          file: 'packages/registry/tests/cases-privacy.test.ts',
          title:
            'after a whole flow no code, key, address, token, proof or word is in the database',
        },
      ],
    },
    {
      rule: 'Guesses are counted, limited and told to the operator, and lock no creator out.',
      heldBy: 'code',
      where: ['packages/registry/src/cases/guesses.ts', 'apps/server/src/http/case-desk.ts'],
      tests: [
        {
          file: 'apps/server/src/http/case-desk.test.ts',
          title: 'a right secret is answered from behind an address that guesses',
        },
      ],
    },
    {
      rule: 'Every act of a creator gets a signed receipt to keep, and a record that was wrong a signed letter to show.',
      heldBy: 'signature',
      where: ['packages/registry/src/cases/receipt.ts', 'packages/registry/src/cases/letter.ts'],
      tests: [
        {
          file: 'packages/registry/tests/cases-acts.test.ts',
          title: 'a letter says who was wrong, signed, once the record was ended',
        },
      ],
    },
    {
      rule: 'The pages work without script, on a screen of 360 px, by keyboard, and in the contrast that WCAG asks for.',
      heldBy: 'code',
      where: ['apps/server/src/http/case-pages'],
      tests: [
        {
          file: 'apps/server/tests/pages-case.test.ts',
          title: 'appeals in own words, once, however often the form is sent',
        },
        {
          file: 'apps/server/tests/pages-quality.test.ts',
          title: 'needs no scrolling sideways at 360 px',
        },
        { file: 'apps/server/tests/pages-quality.test.ts', title: 'can be read in %s' },
      ],
    },
  ],
};
