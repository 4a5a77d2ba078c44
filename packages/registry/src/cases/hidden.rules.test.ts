import type { CaseView } from '@recourse/protocol';
import { expect, test } from 'vitest';
import { hiddenFrom, withoutFacts } from './hidden.rules.ts';

const incident = new Date('2026-05-01T00:00:00Z');
const day = (text: string): Date => new Date(`2026-${text}T00:00:00Z`);
const phone = (since: Date | null = null): Parameters<typeof hiddenFrom>[0][number] => ({
  by_phone: true,
  number_since: since,
});
const other = { by_phone: false, number_since: null };

test.each([
  ['nobody came yet', [], undefined],
  ['by a phone, and not said since when', [phone()], 'until-said'],
  ['by a phone that is theirs since before the incident ended', [phone(day('04-30'))], undefined],
  ['by a phone that is theirs since that moment', [phone(incident)], undefined],
  ['by a phone that is theirs since later', [phone(day('05-02'))], 'recycled'],
  ['by two phones, one since later, one not said', [phone(day('05-02')), phone()], 'until-said'],
  ['by two phones, one since before', [phone(day('05-02')), phone(day('04-30'))], undefined],
  ['by another way beside', [phone(day('05-02')), other], undefined],
  ['by another way alone', [other], undefined],
] as const)('what is recorded is hidden from who came %#: %s', (_, ways, hidden) => {
  expect(hiddenFrom(ways, incident)).toBe(hidden);
});

/** With a canary in each text that is about whoever had the number before */
const view = {
  id: 'snc_1',
  facts: {
    action: 'account-closed',
    incidentFrom: 'a',
    incidentTo: 'b',
    subjects: ['email'],
    isMinor: true,
    reason: 'canary',
    account: 'canary',
    evidence: ['canary'],
  },
  appeals: [
    {
      id: 'apl_1',
      reasons: 'canary',
      response: { at: 'c', text: 'canary' },
      questions: [
        { id: 'q1', kind: 'question' },
        { id: 'q2', kind: 'gist', text: 'canary' },
      ],
    },
    { id: 'apl_2', questions: [] },
  ],
  inspections: [{ id: 'ins_1', reasons: 'canary' }],
  panel: [{ id: 'pnl_1', reasons: ['canary'] }],
} as unknown as CaseView;

test('whoever has the number now reads dates and what to do, and nothing that was written about who had it before', () => {
  expect(withoutFacts(view, 'recycled')).toEqual({
    id: 'snc_1',
    hidden: 'recycled',
    facts: {
      action: 'account-closed',
      incidentFrom: 'a',
      incidentTo: 'b',
      subjects: ['email'],
      isMinor: true,
    },
    appeals: [
      { id: 'apl_1', response: { at: 'c' }, questions: [{ id: 'q1', kind: 'question' }] },
      { id: 'apl_2', questions: [] },
    ],
    inspections: [{ id: 'ins_1' }],
    panel: [{ id: 'pnl_1', reasons: [] }],
  });
});

test('what a case lacks is not added', () => {
  const { panel, facts, ...rest } = view;
  const { isMinor, ...adult } = facts;
  const shown = withoutFacts({ ...rest, facts: adult } as CaseView, 'until-said');
  expect([isMinor, panel?.length]).toEqual([true, 1]);
  expect(shown.facts).not.toHaveProperty('isMinor');
  expect(shown).not.toHaveProperty('panel');
});
