import {
  confirmedCauses,
  inspectionReasons,
  historyCauses,
  historyEvents,
  newId,
  pauseCauses,
  toTimestamp,
  inquiryAnswers,
  inquiryQuestions,
  type CaseView,
} from '@recourse/protocol';
import { languages, type Language } from '@recourse/texts';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { textsIn } from '../../texts-in.ts';
import { casePage } from './case-page.ts';
import { caseParts, type ShownCase } from './shown-case.ts';

const now = new Date(Date.UTC(2026, 0, 2));
const at = toTimestamp(now);
const made = { now, random: (bytes: number) => new Uint8Array(bytes) };
const party = newId('plt', made);

const asked = {
  by: party,
  name: 'Y',
  asks: 'still-stands',
  askedAt: at,
  dueAt: at,
  overdue: false,
} as const;

/** A case with everything that one can show. */
const inspection = {
  inspection: 'itm_01hzy3v7q8e9k4m5n6p7r8s9t0',
  sanction: 'snc_01hzy3v7q8e9k4m5n6p7r8s9t0',
  why: 'drawn',
  state: 'open',
  openedAt: at,
  dueAt: at,
} as const;

const full: CaseView = {
  sanction: newId('snc', made),
  access: 'claimant',
  ways: [{ way: 'proof', kind: 'email', proven: true, at, provenAt: at }],
  facts: {
    reason: 'fraud.payout',
    action: 'account-terminated',
    incidentFrom: at,
    incidentTo: at,
    account: 'θ',
    evidence: [],
    subjects: ['email'],
  },
  submitter: {
    party,
    name: 'X',
    domain: 'x.example',
    complaints: 'a',
    dataProtection: 'b',
    legalBasis: 'none',
  },
  state: 'suspended',
  disputed: true,
  submittedAt: at,
  decidedAt: at,
  expiresAt: at,
  suspendedFor: [...pauseCauses],
  echoReview: { startedAt: at, dueAt: at },
  erasures: [],
  appeals: [
    {
      appeal: newId('apl', made),
      sanction: newId('snc', made),
      ground: 'not-me',
      state: 'undelivered',
      openedAt: at,
      claimDueAt: at,
      decisionDueAt: at,
      undecidedAt: at,
      toldReviewers: 1,
      reviewersAgain: 1,
      bound: false,
      closedAt: at,
      cause: 'evidence-mismatch',
      joined: true,
      withdrawals: [],
      withdrew: false,
      added: [{ ground: 'expression', words: 'ι', at }],
      news: 'ζ',
      questions: [],
      files: [],
      filesLeft: 2,
    },
  ],
  inspections: [
    ...inspectionReasons.flatMap((why) => [
      { ...inspection, why },
      { ...inspection, why, evidenceDueAt: at },
      { ...inspection, why, state: 'undecided' as const, closedAt: at },
    ]),
    { ...inspection, why: 're-examination', unexamined: true },
    { ...inspection, why: 're-examination', state: 'lifted', closedAt: at },
    ...confirmedCauses.map((cause) => ({
      ...inspection,
      why: 'cause' as const,
      state: 'decided' as const,
      closedAt: at,
      outcome: 'failed' as const,
      cause,
    })),
    ...(['passed', 'failed'] as const).flatMap((outcome) => [
      { ...inspection, state: 'decided' as const, closedAt: at, outcome, reasons: 'η' },
      { ...inspection, why: 'home-reversal' as const, closedAt: at, outcome },
    ]),
  ],
  textsErasedAt: at,
  mayAppealUntil: at,
  needsNews: true,
  history: [
    ...historyEvents.map((event) => ({ at, event })),
    ...historyCauses.map((cause) => ({ at, event: 'ended', cause })),
  ],
  told: [],
  toldOthers: 'under-five',
  contact: { address: 'a…@b.example', state: 'unconfirmed', at, failing: true },
  others: [
    { place: 1, as: 'guardian', name: 'ζ', invitedAt: at, since: at, own: false },
    { place: 2, as: 'representative', name: 'ζ', invitedAt: at, inviteUntil: at, own: true },
    { place: 3, as: 'representative', name: 'ζ', invitedAt: at, endedAt: at, own: false },
  ],
  trustQuestions: [
    ...inquiryQuestions.map((asks) => ({ ...asked, asks, overdue: true })),
    ...inquiryAnswers.map((answer) => ({ ...asked, answer, answeredAt: at })),
  ],
};

/** By a phone alone. */
const phoneView: CaseView = {
  ...full,
  hidden: 'until-said',
  ways: [{ way: 'proof', kind: 'phone', proven: true, at, provenAt: at }],
  facts: { action: 'account-terminated', incidentFrom: at, incidentTo: at, subjects: ['phone'] },
  appeals: [],
};
const recycledView: CaseView = {
  ...phoneView,
  hidden: 'recycled',
  ways: (phoneView.ways ?? []).map((way) => ({ ...way, numberSince: '2026-01-02' })),
};

const views: [string, CaseView][] = [
  ['that a phone opened', phoneView],
  ['that the code of a phone opened', { ...phoneView, access: 'code', ways: undefined }],
  ['that a phone opened to a helper', { ...phoneView, access: 'representative' }],
  ['of whoever had the number before', recycledView],
  ['under review as a derived record, with questions', full],
  ['that another reviewer may look at', { ...full, mayReopen: true }],
  [
    'whose erasure was asked for',
    { ...full, erasures: [{ own: true, signed: false, requestedAt: at, notBefore: at }] },
  ],
  ['of which nobody was told', { ...full, toldOthers: 'none' }],
  ['of which many were told', { ...full, toldOthers: 'five-or-more' }],
  ['that is read by a code', { ...full, access: 'code', ways: undefined, told: undefined }],
  [
    'whose claimant withdrew',
    {
      ...full,
      appeals: full.appeals.map((appeal) => ({ ...appeal, state: 'open', withdrew: true })),
    },
  ],
  [
    'with an open appeal of somebody else',
    {
      ...full,
      appeals: full.appeals.map((appeal) => ({
        ...appeal,
        state: 'open',
        joined: false,
        added: [],
      })),
    },
  ],
  [
    'with an appeal of somebody else',
    {
      ...full,
      appeals: full.appeals.map((appeal) => ({ ...appeal, joined: false, news: undefined })),
    },
  ],
  ['that was confirmed', { ...full, echoReview: { startedAt: at, dueAt: at, confirmedAt: at } }],
  ['that somebody acts in for a claimant', { ...full, access: 'representative' }],
  [
    'whose address was confirmed',
    { ...full, contact: { address: 'a', state: 'confirmed', at, failing: false } },
  ],
  ['that has ended', { ...full, state: 'reversed', endedAt: at, endCause: 'order' }],
];

const shownIn = (language: Language, view: CaseView): Omit<ShownCase, 'part'> => ({
  random: made.random,
  texts: textsIn(language),
  now,
  to: (path) => path,
  origin: 'https://registry.test',
  view,
  secret: 's',
  hasMail: true,
});

async function drawn(language: Language, view: CaseView): Promise<string> {
  const shown = shownIn(language, view);
  const pages = caseParts.map(async (part) => (await casePage({ ...shown, part })).toString());
  return (await Promise.all(pages)).join('');
}

/** The first paragraph after the menu of a case. */
const firstLine = (page: string): string =>
  (/<nav class="parts"[\s\S]*?<\/nav>[\s\S]*?<p[^>]*>([\s\S]*?)<\/p>/.exec(page)?.[1] ?? '')
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

const catalogues = new URL('../../../../../packages/texts/src/catalogues/en/', import.meta.url);
const sentences = ['pages.json', 'codes.json', 'access.json']
  .flatMap((name) =>
    Object.values(JSON.parse(readFileSync(new URL(name, catalogues), 'utf8')) as object),
  )
  .flatMap((message: string) => message.split(/[{}<>#]/))
  .map((part) => part.trim())
  .filter((part) => part.length > 12 && part.includes(' '));

test('who came by a phone says since when the number is theirs, before anything else, and then appeals as recycled', async () => {
  const asks = await drawn('en', phoneView);
  expect(asks).toMatch(/<label for="number-since">[\s\S]*<input type="date" max="2026-01-02"/);
  expect(asks).not.toContain('action="/case/appeal"');
  const offers = await drawn('en', recycledView);
  expect(offers).not.toContain('type="date"');
  expect(offers).toMatch(/value="recycled"\s+required\s+checked/);
  for (const page of [asks, offers])
    expect(page).not.toContain(textsIn('en').reason('fraud.payout').title);
});

describe('the first line of every page of a case', () => {
  const plain = shownIn('en', full);
  const firstLines = async (view: CaseView): Promise<string[]> => {
    const pages = caseParts.map(async (part) => String(await casePage({ ...plain, view, part })));
    return (await Promise.all(pages)).map((page) => firstLine(page));
  };
  const decided = (outcome: 'upheld' | 'dismissed' | 'amended', more = {}): CaseView => ({
    ...full,
    state: 'visible',
    appeals: full.appeals.map((one) => ({ ...one, state: 'decided', outcome, ...more })),
  });

  test.each([
    ['reversed', 'Cleared on 2 January 2026. Reversed: this record was wrong.'],
    ['withdrawn', 'Cleared on 2 January 2026. Taken back.'],
    ['expired', 'Cleared on 2 January 2026. Expired.'],
    ['undecided', 'Over since 2 January 2026. Ended: nobody decided the appeal in time.'],
  ] as const)('says how it ended: %s', async (state, line) => {
    const lines = await firstLines({ ...full, state, endedAt: at });
    for (const one of lines) expect(one).toBe(line);
  });

  test.each(languages)('stands before all else, in %s', async (language) => {
    const view = { ...full, state: 'reversed', endedAt: at } as const;
    const page = String(await casePage({ ...shownIn(language, view), part: 'told' }));
    expect(firstLine(page)).toContain(textsIn(language).say('state.reversed.title'));
  });

  test.each([
    ['upheld', 'A reviewer upheld it on 2 January 2026'],
    ['dismissed', 'A reviewer dismissed the appeal on 2 January 2026'],
    ['amended', 'A reviewer changed it in your favour on 2 January 2026'],
  ] as const)('says what a reviewer decided: %s', async (outcome, line) => {
    for (const one of await firstLines(decided(outcome))) expect(one).toBe(line);
  });

  test('says nothing of an earlier decision while another appeal is open', async () => {
    const [earlier] = decided('upheld').appeals;
    const [open] = full.appeals.map((one) => ({ ...one, state: 'open' as const }));
    const appeals = [earlier, open].filter((one) => one !== undefined);
    for (const one of await firstLines({ ...full, state: 'visible', appeals })) {
      expect(one).not.toContain('upheld');
    }
  });
});

describe.each(views)('the page of a case %s', (_name, view) => {
  test.each(languages)('names every code, in %s', async (language) => {
    const texts = textsIn(language);
    const page = await drawn(language, view);
    const [cause = '', event = ''] = [
      texts.say('cause.unknown', { code: '|' }),
      texts.say('event.unknown', { code: '|' }),
    ].map((text) => text.split('|')[0]);
    expect(page.includes(cause) || page.includes(event)).toBe(false);
    const foreign =
      language === 'en' ? [] : sentences.filter((sentence) => page.includes(sentence));
    expect(foreign).toEqual([]);
  });
});
