import { expect, it } from 'vitest';
import { changesOf } from './change-words.ts';

const party = 'plt_01j';

it('says what is today and what would be', () => {
  const input = { party, group: 'acme' };
  expect(changesOf({ op: 'platforms.setGroup', input, today: { group: 'tubely' } })).toEqual([
    { what: 'Group', today: 'tubely', wouldBe: 'acme' },
  ]);
});

it('adds what is suspended or enabled to what is so already', () => {
  const suspended = { op: 'platforms.suspend', input: { party, what: 'checks' } } as const;
  expect(changesOf({ ...suspended, today: { what: 'submissions' } })).toEqual([
    { what: 'What stops', today: 'Submissions', wouldBe: 'Submissions and checks' },
  ]);
  expect(changesOf({ ...suspended, today: { what: 'nothing' } })).toEqual([
    { what: 'What stops', today: 'Nothing', wouldBe: 'Checks' },
  ]);
  const enabled = { op: 'taxonomy.enable', input: { party, reasons: ['fraud.scam'] } } as const;
  expect(changesOf({ ...enabled, today: { reasons: ['fraud.payment'] } })).toEqual([
    { what: 'Reasons', today: 'fraud.payment', wouldBe: 'fraud.payment, fraud.scam' },
  ]);
});

it('leaves out nothing that is signed, and reads days and nested values', () => {
  const registration = {
    name: 'Acme',
    owners: [{ name: 'Holding', percent: 80 }],
    contacts: { complaints: 'help@acme.example' },
    checkOnly: false,
  };
  const lines = changesOf({ op: 'platforms.register', input: { registration }, today: {} });
  expect(lines).toEqual([
    { what: 'Name', wouldBe: 'Acme' },
    { what: 'Owners', wouldBe: 'name Holding, percent 80' },
    { what: 'Complaints', wouldBe: 'help@acme.example' },
    { what: 'Check only', wouldBe: 'No' },
  ]);
  const removed = { op: 'panel.remove', input: { holder: 'hld_01j' } } as const;
  const today = { sitting: 3, termUntil: '2028-03-01T00:00:00Z' };
  expect(changesOf({ ...removed, today })).toMatchObject([
    { what: 'Term', wouldBe: 'Ended' },
    { what: 'Panel', today: '3 reviewers sit', wouldBe: '2 reviewers sit' },
    { what: 'Reviewer', wouldBe: 'hld_01j' },
  ]);
});
