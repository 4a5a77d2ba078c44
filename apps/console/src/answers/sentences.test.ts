import type { Id } from '@recourse/protocol';
import { describe, expect, it } from 'vitest';
import type { Said } from './said.ts';
import { sentences, type ActName, type FactsOf } from './sentences.ts';

/** One set of facts for every act: an act without one does not compile. */
const facts: { readonly [A in ActName]: FactsOf<A> } = {
  'record sent': { whom: 'T-1, “Phishing”', lapsesAt: new Date('2028-04-26T10:00:00Z') },
  'draft confirmed': {
    whom: 'T-1, “Phishing”',
    sanction: 'snc_01j',
    noticeDueAt: '2028-04-26T10:00:00Z',
  },
  'draft returned': { whom: 'T-1, “Phishing”' },
  'notice sent': { whom: 'T-1, “Phishing”', messages: 2 },
  'notice stated': { whom: 'T-1, “Phishing”', visibleFrom: '2028-04-26T10:00:00Z' },
  'record withdrawn': { whom: 'T-1, “Phishing”', recalls: 1 },
  'record defended': { whom: 'T-1, “Phishing”', decisionDueAt: '2028-04-26T10:00:00Z' },
  'appeal conceded': { whom: 'T-1, “Phishing”', recalls: 0 },
  'evidence delivered': { whom: 'T-1, “Phishing”', received: 1, missing: 2 },
  'inquiry asked': { whom: 'Tubely', dueAt: '2028-04-26T10:00:00Z' },
  'inquiry answered': {
    whom: 'T-1, “Phishing”',
    sanction: 'snc_01j',
    answer: '2-to-9',
    withdraw: true,
  },
  'outcome reported': { whom: '“Phishing” of Tubely', outcome: 'admitted' },
  'many done': { what: 'recalls are settled', done: 3, left: 1 },
  'recall settled': { whom: 'H-2', action: 'kept-on-own-grounds', open: 1 },
  'case taken': { whom: 'an appeal, “It was not me”', dueAt: '2028-04-26T10:00:00Z' },
  'case given back': { whom: 'the appeal against “Phishing” of Tubely' },
  'creator asked': {
    whom: 'the appeal against “Phishing” of Tubely',
    answerDueAt: '2028-04-26T10:00:00Z',
    decisionDueAt: '2028-05-06T10:00:00Z',
  },
  'relief decided': {
    whom: 'the appeal against “Phishing” of Tubely',
    until: '2028-04-26T10:00:00Z',
    recalls: 2,
  },
  'evidence confirmed': { whom: 'the appeal against “Phishing” of Tubely' },
  'evidence destroyed': {
    whom: 'item 1 in the appeal against “Phishing” of Tubely',
    evidenceDueAt: '2028-04-26T10:00:00Z',
  },
  'evidence disputed': { whom: 'item 1 in the appeal against “Phishing” of Tubely' },
  'dispute settled': { whom: 'the disputed item', fits: undefined },
  'case decided': {
    whom: 'the appeal against “Phishing” of Tubely',
    decided: { appeal: 'apl_01j' as Id<'apl'>, state: 'decided', outcome: 'reversed', recalls: 3 },
    next: undefined,
  },
  'vote cast': { whom: '“Detach the identifier from the record” for Tubely', isLast: false },
  'key added': { whom: 'a1B2c D3e4f', activeFrom: '2028-04-26T10:00:00Z' },
  'key revoked': { whom: 'a1B2c D3e4f', suspended: 1 },
  'comment kept': { whom: '“Phishing”', isThere: true },
  'absence kept': {
    whose: 'Ben',
    days: { from: '2028-04-26', until: '2028-05-02', deputy: 'Ada' },
  },
  'rows given': { rows: 3, to: 'Ada' },
  'person named': { whom: 'Ada', name: 'Ada' },
  'person invited': { whom: 'a member, trust', expiresAt: '2028-04-26T10:00:00Z' },
  'act countersigned': { whom: '“Move it to another group” for Tubely', isDone: true },
};

const names = Object.keys(sentences) as ActName[];
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- both tables have the same keys
const saidOf = (name: ActName): Said => (sentences[name] as (known: unknown) => Said)(facts[name]);

describe.each(names)('the answer to the act “%s”', (name) => {
  const { text, next } = saidOf(name);
  const { whom = '' } = facts[name] as { whom?: string };

  it('is whole sentences that somebody at a desk reads at once', () => {
    expect(text).toMatch(/^[“A-Z0-9].*[.:?]$/);
    expect(text.split(/\s+/).length).toBeLessThanOrEqual(40);
    expect(text).not.toMatch(/undefined|null|NaN|Invalid|\[object| {2}/);
  });

  it('says whom it was about, and no id, code or operation', () => {
    expect(text).toContain(whom);
    expect(text).not.toMatch(
      /\b[a-z]{3}_[0-9a-z]{3,}|\b[a-z]+\.[a-z]+[A-Z]|\b[a-z]+(?:-[a-z]+)+\b/,
    );
  });

  it('leads to a page of a desk, if anywhere', () => {
    expect(next?.href ?? '/trust/').toMatch(/^\/(?:trust|review|operator)\//);
  });
});
