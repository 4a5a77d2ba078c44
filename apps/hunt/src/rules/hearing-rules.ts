import type { Rule } from './rule.ts';

const registry = 'packages/registry/src';
const outcomes = 'packages/protocol/src/review/outcomes.rules.ts';

/** Who is heard, and what one takes from another: laws 1, 2 and 5. */
export const hearingRules: readonly Rule[] = [
  {
    id: 'gist-first',
    rule: 'nothing is upheld before a gist was told',
    laws: ['heard', 'faults'],
    edits: [{ file: outcomes, find: "  if (gists.length === 0) return 'no-gist';\n", replace: '' }],
  },
  {
    id: 'gist-answered',
    rule: 'nothing is upheld before a gist is answered or ten days old',
    laws: ['heard', 'faults'],
    edits: [
      {
        file: outcomes,
        find: "return isHeard ? undefined : 'gist-unanswered';",
        replace: 'return isHeard ? undefined : undefined;',
      },
    ],
  },
  {
    id: 'gist-answered-guard',
    rule: 'the same, without the trigger that holds it',
    laws: ['heard'],
    edits: [
      {
        file: outcomes,
        find: "return isHeard ? undefined : 'gist-unanswered';",
        replace: 'return isHeard ? undefined : undefined;',
      },
    ],
    drops: ['drop trigger appeals_heard on appeals'],
  },
  {
    id: 'stolen-gist',
    rule: 'each claimant answers a gist for themselves',
    laws: ['heard'],
    edits: [
      {
        file: `${registry}/migrations/claimant-guards.ts`,
        function: 'is_answered',
        find: 'where a.question = q.id and a.claimant = j.claimant)',
        replace: 'where a.question = q.id)',
      },
    ],
  },
  {
    id: 'gist-days',
    rule: 'a gist is answered within ten days',
    laws: ['heard'],
    edits: [
      {
        file: 'packages/protocol/src/review/appeal-clock.rules.ts',
        find: 'export const answerDays = 10;',
        replace: 'export const answerDays = 3;',
      },
    ],
  },
  {
    id: 'told-bars-nobody',
    rule: 'who worked for a platform that was told judges all the same',
    laws: ['own', 'one-step'],
    edits: [
      {
        file: `${registry}/migrations/review-guards.ts`,
        function: 'is_independent',
        find: 'select is_apart((select s.party from sanctions s where s.id = of_sanction), of_holder, at)',
        replace:
          'select is_apart((select s.party from sanctions s where s.id = of_sanction), of_holder, at) and not exists (select from disclosures d join affiliations f on f.party = d.party where d.sanction = of_sanction and f.holder = of_holder)',
      },
    ],
  },
  {
    id: 'binds-who-joined',
    rule: 'a decision binds those alone who joined its appeal and were heard',
    laws: ['own', 'one-step'],
    edits: [
      {
        file: `${registry}/migrations/claimant-guards.ts`,
        function: 'is_bound',
        find: 'join appeal_joins j on j.appeal = a.id and j.claimant = k.claimant\n    where a.id = of_appeal and a.closed_as',
        replace:
          'join appeal_joins j on j.appeal = a.id\n    where a.id = of_appeal and a.closed_as',
      },
      {
        file: `${registry}/migrations/claimant-guards.ts`,
        function: 'is_bound',
        find: "and (of_way not like 'clm%' or of_way in (select read_in(a.id)))",
        replace: '',
      },
    ],
  },
  {
    id: 'removed-by-two',
    rule: 'two operators end the term of a reviewer',
    laws: ['one-vote', 'one-step'],
    edits: [
      {
        file: `${registry}/parties/two-holders.ts`,
        find: 'if (!open) return propose(ctx, act);',
        replace:
          "if (!open && act.op === 'panel.remove') return { state: 'executed', party: await act.execute('') } as never;\n  if (!open) return propose(ctx, act);",
      },
    ],
  },
  {
    id: 'joins-count-once',
    rule: 'a claimant joins an appeal once on each ground',
    laws: ['faults'],
    edits: [
      {
        file: `${registry}/review/join-appeal.ts`,
        find: 'join.appeal === appeal && join.ground === ground',
        replace: 'join.appeal === appeal && join.ground === ground && ground.length === 0',
      },
    ],
  },
  {
    id: 'own-room-for-texts',
    rule: 'eight texts are the room of each claimant',
    laws: ['own', 'one-step'],
    edits: [
      {
        file: `${registry}/review/join-store.ts`,
        find: 'where appeal = ${appeal} and claimant = ${claimant}`.execute(db);\n  const used',
        replace:
          "where appeal = ${appeal} and claimant <> ${claimant + ' '}`.execute(db);\n  const used",
      },
    ],
  },
  {
    id: 'own-room-for-files',
    rule: 'files are added within the room of their claimant',
    laws: ['faults'],
    edits: [
      {
        file: `${registry}/operations/case/add-file.ts`,
        find: "  if (slot >= most) throw refusal('state-conflict', 'bytes', 'too-many');\n",
        replace: '',
      },
    ],
  },
  {
    id: 'withdrawn-by-all',
    rule: 'an appeal ends once all who joined it withdrew',
    laws: ['own', 'one-step', 'faults'],
    edits: [
      {
        file: `${registry}/review/join-store.ts`,
        find: 'select from appeal_joins k where k.appeal = ${appeal} and k.withdraws_at is null)',
        replace: 'select from appeal_joins k where false and k.appeal = ${appeal})',
      },
    ],
  },
  {
    id: 'erasure-of-the-proven',
    rule: 'by a shared way nobody erases',
    laws: ['grounds', 'faults'],
    edits: [
      {
        file: `${registry}/operations/case/request-erasure.ts`,
        find: "    throw refusal('state-conflict', 'key', 'nothing-proved');",
        replace: '    void ways;',
      },
    ],
  },
  {
    id: 'erasure-asked-once',
    rule: 'a claimant asks for erasure once',
    laws: ['once', 'faults'],
    edits: [
      {
        file: `${registry}/operations/case/request-erasure.ts`,
        find: "  if (isAsked) throw refusal('state-conflict', 'key', 'requested');\n",
        replace: '',
      },
    ],
  },
];
