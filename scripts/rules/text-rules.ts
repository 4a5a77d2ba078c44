import type { RuleChapter } from './rule.ts';

export const textRules: RuleChapter = {
  title: 'Texts for people, and the DSA bridge',
  rules: [
    {
      rule: 'Each reason has a plain text for the creator, of what it says, what it is not and what can make the record wrong, in each of eight languages.',
      heldBy: 'code',
      where: ['packages/texts/src/catalogue.ts', 'Catalogue'],
      tests: [
        {
          file: 'packages/texts/src/catalogues.test.ts',
          title: 'has the keys of the English one, no more and no fewer',
        },
        { file: 'packages/texts/src/catalogues.test.ts', title: 'leaves no text in English' },
      ],
    },
    {
      rule: 'Whatever a case can show of a record, each event, each cause of an end or a pause, each question and each answer, has a text in each language, and the registry writes no other.',
      heldBy: 'database',
      where: ['packages/protocol/src/history.ts', 'historyCauses'],
      constraints: [
        'ends_cause_check',
        'appeals_cause_check',
        'suspensions_cause_check',
        'sanction_events_event_check',
        'sanction_events_cause_check',
      ],
      tests: [
        {
          file: 'packages/texts/src/catalogues.test.ts',
          title: 'has exactly the codes of the protocol for %s',
        },
        {
          file: 'apps/server/src/http/case-pages/case-page.test.ts',
          title: 'names every code, in %s',
        },
        {
          file: 'packages/registry/tests/sanctions-constraints.test.ts',
          title: 'a history, an end and a pause take no code that people have no text for',
        },
      ],
    },
    {
      rule: 'A translation that no person has reviewed says so, with a link to the English text, which prevails.',
      heldBy: 'code',
      where: ['packages/texts/src/record-notice.ts', 'recordNotice'],
      tests: [
        {
          file: 'packages/texts/src/record-notice.test.ts',
          title: 'says that no person reviewed a translation, and where the English text is',
        },
      ],
    },
    {
      rule: 'The notice of a record holds reason, facts, redress and rights (GDPR, article 14; DSA, articles 17, 20 and 21), with dates in the language and time zone of the reader.',
      heldBy: 'code',
      where: ['packages/sdk/src/sanctions/notice-text.ts', 'noticeText'],
      tests: [
        {
          file: 'packages/texts/src/record-notice.test.ts',
          title: 'tells the facts, the redress and the rights',
        },
        {
          file: 'packages/sdk/src/sanctions/notice-text.test.ts',
          title: 'is in the language and time zone of the creator, with the facts of the record',
        },
      ],
    },
    {
      rule: 'A text message holds neither reason nor account: numbers are shared and recycled.',
      heldBy: 'code',
      where: ['packages/texts/src/record-notice.ts', 'recordNotice'],
      tests: [
        {
          file: 'packages/texts/src/record-notice.test.ts',
          title: 'puts neither reason nor account into a text message',
        },
      ],
    },
    {
      rule: 'The language of a notice is one that people write.',
      heldBy: 'code',
      where: ['packages/protocol/src/languages.ts', 'writtenLanguage'],
      tests: [
        {
          file: 'packages/protocol/src/languages.test.ts',
          title: 'can be each official language of the European Union',
        },
      ],
    },
    {
      rule: "The creator's pages are whole in each language, without script, and none shows a key or a sentence of another language.",
      heldBy: 'code',
      where: ['apps/server/src/http/case-pages/languages.ts', 'creatorPage'],
      tests: [
        {
          file: 'apps/server/tests/pages-languages.test.ts',
          title: '%s: no key, and no sentence of another language',
        },
        {
          file: 'apps/server/tests/pages-languages.test.ts',
          title: 'sets no cookie, and leaves the secret in the body',
        },
      ],
    },
    {
      rule: 'A statement of reasons for the DSA Transparency Database holds no personal data, and is valid for every reason and action.',
      heldBy: 'code',
      where: ['packages/protocol/src/dsa-statement.ts', 'dsaStatement'],
      tests: [
        {
          file: 'packages/protocol/src/dsa-statement.test.ts',
          title:
            'lets no identifier, token, salt, hash or account text in, whatever the record holds',
        },
        { file: 'packages/protocol/src/dsa-statement.test.ts', title: 'is valid for %s and %s' },
      ],
    },
  ],
};
