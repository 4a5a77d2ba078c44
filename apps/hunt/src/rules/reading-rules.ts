import type { Rule } from './rule.ts';

const registry = 'packages/registry/src';

/** Who reads what: law 3. */
export const readingRules: readonly Rule[] = [
  {
    id: 'own-appeals',
    rule: 'a submitter reads its own appeals alone',
    laws: ['canaries'],
    edits: [
      {
        file: `${registry}/review/lock-review.ts`,
        find: 'one.party === party && one.erased_at === null',
        replace: 'party !== null && one.erased_at === null',
      },
    ],
  },
  {
    id: 'own-account',
    rule: 'a platform vouches for accounts of its own domain alone',
    laws: ['canaries'],
    edits: [
      {
        file: `${registry}/cases/ticket.rules.ts`,
        find: "account.slice(account.lastIndexOf('@') + 1) === domain",
        replace: 'account.length > 0',
      },
    ],
  },
  {
    id: 'own-words',
    rule: 'what one claimant wrote no other reads',
    laws: ['canaries'],
    edits: [
      {
        file: `${registry}/operations/case/open-appeal.ts`,
        find: '...(row.claimant === speaker',
        replace: "...(row.claimant !== ''",
      },
    ],
  },
  {
    id: 'own-answers',
    rule: 'a claimant reads its own answers to a question alone',
    laws: ['canaries'],
    edits: [
      {
        file: `${registry}/operations/case/open-appeal.ts`,
        find: 'const own = await answersIn(db, { appeal: reader.appeal, claimants: [speaker] });',
        replace:
          'const own = await answersIn(db, { appeal: reader.appeal, claimants: (await joinsOf(db, { appeal: reader.appeal, claimants: await allClaimants(db, reader.appeal) })).map(({ claimant }) => claimant) });',
      },
      {
        file: `${registry}/operations/case/open-appeal.ts`,
        find: 'const nothing = {',
        replace:
          "const allClaimants = async (db: Db, appeal: string): Promise<string[]> => (await db.selectFrom('appeal_joins').select('claimant').where('appeal', '=', appeal).execute()).map(({ claimant }) => claimant);\nconst nothing = {",
      },
    ],
  },
  {
    id: 'reading-is-told',
    rule: 'whom a check answered stands among those who were told',
    laws: ['canaries'],
    edits: [
      {
        file: `${registry}/operations/checks/match.ts`,
        find: '    ctx.effects.matches.push(told);\n',
        replace: '',
      },
    ],
  },
  {
    id: 'voucher-is-told',
    rule: 'whoever vouched stands among those who were told before the case opens',
    laws: ['canaries', 'faults'],
    edits: [
      {
        file: `${registry}/cases/opening-found.ts`,
        find: '    if (keys.by && !(await tellVoucher(ctx, keys.by, one))) continue;\n',
        replace: '',
      },
    ],
  },
  {
    id: 'voucher-is-told-guard',
    rule: 'the same, without the trigger that holds it',
    laws: ['canaries'],
    edits: [
      {
        file: `${registry}/cases/opening-found.ts`,
        find: '    if (keys.by && !(await tellVoucher(ctx, keys.by, one))) continue;\n',
        replace: '',
      },
    ],
    drops: ['drop trigger claimant_ways_vouched on claimant_ways'],
  },
  {
    id: 'assigned-reads',
    rule: 'a reviewer reads the cases that they were assigned alone',
    laws: ['canaries'],
    edits: [
      {
        file: `${registry}/review/assignment-store.ts`,
        find: "    .where('review', '=', review)\n    .where('holder', '=', holder)\n    .where('released_at', 'is', null)\n    .executeTakeFirst();\n\nconst hasVoted",
        replace:
          "    .where('review', '=', review)\n    .where(sql<boolean>`${holder} <> ''`)\n    .where('released_at', 'is', null)\n    .executeTakeFirst();\n\nconst hasVoted",
      },
    ],
  },
];
