import type { Rule } from './rule.ts';

const registry = 'packages/registry/src';

const counted = {
  file: `${registry}/review/decision-store.ts`,
  find: 'sql<boolean>`${seriesOf({ holder, sanction: record.id, now: at })} is not null`',
  replace: 'false',
};
const confirmed = {
  file: `${registry}/review/verdict.rules.ts`,
  find: 'const needsAnother = votes.some(({ serial }) => serial);',
  replace: 'const needsAnother = votes.length === 0;',
};

/** One reviewer cannot empty the registry: law 4. */
export const seriesRules: readonly Rule[] = [
  {
    id: 'series-counted',
    rule: 'the eleventh decision of a reviewer in a day is one of a series',
    laws: ['series', 'faults'],
    edits: [counted],
  },
  {
    id: 'series-counted-guard',
    rule: 'the same, without the trigger that holds it',
    laws: ['series'],
    edits: [counted],
    drops: ['drop trigger decisions_serial on decisions'],
  },
  {
    id: 'series-confirmed',
    rule: 'a second reviewer confirms what is one of a series',
    laws: ['series', 'faults'],
    edits: [confirmed],
  },
  {
    id: 'series-confirmed-guard',
    rule: 'the same, without the trigger that holds it',
    laws: ['series'],
    edits: [confirmed],
    drops: ['drop trigger appeals_serial_confirmed on appeals'],
  },
];
