import type { Rule } from './rule.ts';

const registry = 'packages/registry/src';
const byAdmin = {
  file: `${registry}/operations/journals/put-book.ts`,
  find: "  if (book === 'names' && !admin) throw new Problem('role-not-allowed');\n",
  replace: '  void [admin, Problem];\n',
};

/** What colleagues of one platform keep together. */
export const bookRules: readonly Rule[] = [
  {
    id: 'book-as-read',
    rule: 'a book is written behind the version that its author read',
    laws: ['books'],
    edits: [
      {
        file: `${registry}/operations/journals/put-book.ts`,
        find: "  if (after !== version) throw conflict('after', 'book-changed');\n",
        replace: '  void [after, conflict];\n',
      },
    ],
  },
  {
    id: 'names-by-admin',
    rule: 'an administrator alone writes names',
    laws: ['books', 'faults'],
    edits: [byAdmin],
  },
  {
    id: 'names-by-admin-guard',
    rule: 'the same, without the trigger that holds it',
    laws: ['books'],
    edits: [byAdmin],
    drops: ['drop trigger books_written on books'],
  },
  {
    id: 'book-to-colleagues',
    rule: 'a book is sealed to the live keys of its platform alone',
    laws: ['books'],
    edits: [
      {
        file: `${registry}/review/sealed-to-colleagues.ts`,
        find: "if (!isToKnown) throw conflict('jwe.recipients', 'keys-changed');",
        replace: 'void [isToKnown, conflict];',
      },
    ],
  },
  {
    id: 'own-book',
    rule: 'a platform reads its own books alone',
    laws: ['canaries', 'books', 'faults'],
    edits: [
      {
        file: `${registry}/review/journal-store.ts`,
        find: "  bookAt(db, place).select(['version', 'jwe']).executeTakeFirst();",
        replace:
          "  db\n    .selectFrom('books')\n    .where('book', '=', place.book)\n    .select(['version', 'jwe'])\n    .executeTakeFirst();",
      },
    ],
  },
];
