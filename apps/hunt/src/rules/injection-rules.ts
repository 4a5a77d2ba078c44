import type { Rule } from './rule.ts';

const registry = 'packages/registry/src';
const answers = `${registry}/lookup/checks/answer.rules.ts`;
const groups = `${registry}/migrations/group-guards.ts`;
const objected = {
  file: groups,
  find: 'g.item is null or exists',
  replace: 'true or g.item is null or exists',
};

/** What an enemy's word alone does not do to others: laws 2 and 7. */
export const injectionRules: readonly Rule[] = [
  {
    id: 'objection-merges-nobody',
    rule: 'an objection about a group counts for nothing until the panel granted it',
    laws: ['injection'],
    edits: [
      { ...objected, function: 'groups_of' },
      { ...objected, function: 'group_members' },
    ],
  },
  {
    id: 'derived-corroborates-nothing',
    rule: 'a record that was made after a match corroborates nothing',
    laws: ['injection'],
    edits: [
      {
        file: answers,
        find: '(other) => !other.priorMatch && !isOfProbation(other)',
        replace: '(other) => !isOfProbation(other)',
      },
    ],
  },
  {
    id: 'probation-corroborates-nothing',
    rule: 'a record that was made in probation corroborates nothing',
    laws: ['injection'],
    edits: [
      {
        file: answers,
        find: '(other) => !other.priorMatch && !isOfProbation(other)',
        replace: '(other) => !other.priorMatch',
      },
    ],
  },
  {
    id: 'own-withdrawal',
    rule: 'a submitter ends its own records alone',
    laws: ['injection', 'faults'],
    edits: [
      {
        file: `${registry}/operations/sanctions/withdraw.ts`,
        find: '(row) => row.party === ctx.caller.party',
        replace: "(row) => row.party !== ''",
      },
    ],
  },
  {
    id: 'stop-by-two',
    rule: 'two operators stop the checks of a platform',
    laws: ['injection'],
    edits: [
      {
        file: `${registry}/parties/two-holders.ts`,
        find: 'if (!open) return propose(ctx, act);',
        replace:
          "if (!open && act.op === 'platforms.suspend') return { state: 'executed', party: await act.execute('') } as never;\n  if (!open) return propose(ctx, act);",
      },
    ],
  },
  {
    id: 'bounds-by-two',
    rule: 'two operators set a lower daily bound than a platform has',
    laws: ['injection'],
    edits: [
      {
        file: `${registry}/parties/declared.rules.ts`,
        find: 'asked !== undefined && asked < had;',
        replace: 'asked !== undefined && asked < 0 * had;',
      },
    ],
    drops: ['drop trigger parties_quota on parties'],
  },
  {
    id: 'bounce-by-two',
    rule: 'a message came back once two operators say so',
    laws: ['injection'],
    edits: [
      {
        file: `${registry}/operations/sanctions/bounced.ts`,
        find: 'if (!stands || first === caller.holder) {',
        replace: 'if (first === null) {',
      },
    ],
    drops: ['alter table notice_deliveries drop constraint notice_deliveries_two_people'],
  },
];
