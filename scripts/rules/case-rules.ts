import type { RuleChapter } from './rule.ts';

export const caseRules: RuleChapter = {
  title: "The creator's case",
  rules: [
    {
      rule: 'The code of the notice opens what is recorded, by whom and why; no account is needed',
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
      rule: 'Whoever holds the case sees who was told, by name, and what each owes and did',
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
      rule: 'One holder, also of eight claims at once; a code does nothing but claim',
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
      rule: "Without a notice: found by proof of an address, a domain, a wallet, or by a platform's ticket",
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
      rule: 'Asking tells nobody whether anything is held: one answer, and what is held is not looked at',
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
      rule: 'One proven identifier shows submitter and dates; the facts need the code or a second one',
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
      rule: "Who claimed with the submitter's code loses the case, and their open appeal, to who proves an identifier",
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
      rule: 'The word of the platform that made a record opens it to somebody, and takes it from nobody',
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
      rule: 'Codes and keys are stored as hashes, and the bodies with them not at all',
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
      rule: 'Guessing is counted and told, and locks nobody out',
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
      rule: 'A signed receipt for every act, and proof to keep; a signed letter once the record was wrong',
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
      rule: 'Pages whole without script, at 360 px, by keyboard, readable by the contrast of WCAG',
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
