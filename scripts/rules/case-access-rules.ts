import type { RuleChapter } from './rule.ts';

const contact = 'packages/registry/tests/cases-contact.test.ts';
const access = 'packages/registry/tests/cases-access.test.ts';

export const caseAccessRules: RuleChapter = {
  title: 'Who acts for the creator, and who hears of news',
  rules: [
    {
      rule: 'An email address left with a case hears of every question, decision and change, and reads nothing of the record in it',
      heldBy: 'code',
      where: [
        'packages/registry/src/cases/contact-store.ts',
        'apps/server/src/proofs/mail-text.ts',
      ],
      tests: [
        {
          file: contact,
          title: 'hears once that there is news, in its language, whatever happened since',
        },
        {
          file: 'apps/server/tests/pages-access.test.ts',
          title: 'news are mailed to an address once its code was typed, say nothing of the record',
        },
      ],
    },
    {
      rule: 'Nothing but a code is mailed there before its owner has handed the code in',
      heldBy: 'database',
      where: ['packages/registry/src/cases/contact.ts'],
      constraints: ['case_contacts_unconfirmed', 'case_contacts_confirmed'],
      tests: [
        {
          file: contact,
          title:
            'is mailed nothing by the database before its confirmation, whoever writes the row',
        },
        {
          file: contact,
          title: 'hears nothing but its code before its owner has handed that in',
        },
      ],
    },
    {
      rule: 'It is sealed, shown to no platform, reviewer or operator, and whole to nobody',
      heldBy: 'code',
      where: ['packages/registry/src/cases/contact.ts'],
      tests: [{ file: contact, title: 'is in no table in clear, and read whole by nobody' }],
    },
    {
      rule: 'Whoever left it takes it back at any time, and whoever reads the mails stops them, without a key',
      heldBy: 'code',
      where: ['packages/registry/src/cases/contact.ts'],
      tests: [
        {
          file: contact,
          title: 'is taken back by its owner, with the key of the case, or by the code of a mail',
        },
      ],
    },
    {
      rule: 'It is erased when the case closes, once the end was told',
      heldBy: 'code',
      where: ['packages/registry/src/due/contacts.ts'],
      tests: [
        { file: contact, title: 'is told of the end, and erased when the case closes' },
        {
          file: contact,
          title: 'is erased three days after the end also where no mail could be sent',
        },
      ],
    },
    {
      rule: 'A mail that fails is tried again, later and later, and holds up nothing and nobody',
      heldBy: 'code',
      where: ['packages/registry/src/cases/mail-news.ts'],
      tests: [
        { file: contact, title: 'is told again, later and later, where the mail server refused' },
        { file: contact, title: 'keeps nobody else waiting where it cannot be reached' },
      ],
    },
    {
      rule: 'The holder gives somebody access by a code that works once, within a week; they read, answer and appeal, and give nothing up',
      heldBy: 'code',
      where: [
        'packages/registry/src/cases/giving-access.ts',
        'packages/registry/src/cases/represents.ts',
      ],
      tests: [
        { file: access, title: 'reads what the holder reads, answers and appeals' },
        {
          file: access,
          title:
            'gives nothing up: neither withdraws, nor has the case erased, nor gives access to others',
        },
        { file: access, title: 'is used once, within a week, and opens nothing else' },
      ],
    },
    {
      rule: 'A representative never becomes the holder',
      heldBy: 'database',
      where: [],
      constraints: ['case_holders_given'],
      tests: [
        { file: access, title: 'is never made the holder by the database, whoever writes it' },
      ],
    },
    {
      rule: 'The holder ends an access at any time, for good',
      heldBy: 'database',
      where: ['packages/registry/src/cases/giving-access.ts'],
      constraints: ['case_access_ended'],
      tests: [
        {
          file: access,
          title: 'is ended by the holder at any time, and opens nothing from then on',
        },
        { file: access, title: 'an access that ended stays ended, whoever writes it' },
      ],
    },
    {
      rule: 'The case shows who has access and since when; no platform and no reviewer reads of it',
      heldBy: 'code',
      where: [
        'packages/registry/src/cases/giving-access.ts',
        'packages/registry/src/cases/view.ts',
      ],
      tests: [
        {
          file: access,
          title: 'is seen in the case with name and time, by the holder and by themselves',
        },
        {
          file: access,
          title: 'the submitter and whoever reviews read nothing of who has access',
        },
      ],
    },
    {
      rule: 'Who was given access by somebody that did not rightly hold the case loses it with them',
      heldBy: 'code',
      where: ['packages/registry/src/cases/contest.ts'],
      tests: [
        {
          file: access,
          title: 'loses access with the holder who gave it, and an appeal of theirs is void',
        },
      ],
    },
    {
      rule: 'For a minor the guardian may act; there is no guardian of anybody else',
      heldBy: 'database',
      where: ['packages/registry/src/cases/represents.ts'],
      constraints: ['case_access_guardian'],
      tests: [
        { file: access, title: 'of a minor does what the minor may, but for their key' },
        { file: access, title: 'is there for minors alone, in the database too' },
      ],
    },
  ],
};
