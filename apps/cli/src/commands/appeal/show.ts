import type { CaseView } from '@recourse/protocol';
import { readCaseSecret } from '../../asking.ts';
import { command } from '../../command.ts';
import { codeFlag, creatorOf, keyFlags, readKey, registryFlags } from '../../creator.ts';
import { optional, text } from '../../options.ts';
import { facts, printableText, quoted, rowsOf, type Cell, type Output } from '../../terminal.ts';

/** Reads a case by whatever opens it. */
export const showCommand = command(
  {
    name: 'show',
    about: 'read your case: who recorded what, who was told, what became of it',
    flags: {
      ...registryFlags,
      codeFile: optional(text('file', codeFlag.says)),
      keyFile: optional(text('file', 'instead: the key of the case, as claim wrote it')),
      found: keyFlags.found,
    },
  },
  async ({ codeFile, keyFile, found, ...registry }, context) => {
    const { terminal, answers } = context;
    const from = { what: 'Case code', file: codeFile, option: '--code-file' };
    const opening =
      keyFile === undefined
        ? { key: await readCaseSecret(answers, from) }
        : { key: await readKey(keyFile, context), ...(found !== undefined && { found }) };
    const { client, key: code } = await creatorOf(context, { ...registry, ...opening });
    const opened = await client.open({ code });
    terminal.result(opened, () => caseShown(opened.case));
  },
);

const caseShown = (view: CaseView): Output => [
  facts(factsOf(view)),
  `\n${printableText(view.facts.account)}`,
  appealsShown(view),
  inspectionsShown(view),
  view.told && toldShown(view),
  view.trustQuestions && askedShown(view.trustQuestions),
  view.others && othersShown(view.others),
  nextStep(view),
];

function nextStep(view: CaseView): Output {
  if (view.access === 'code') return '\nTo act on it: recourse appeal claim --out KEY-FILE.';
  if (view.mayReopen)
    return '\nAnother reviewer can look at it, once: recourse appeal open --reopen ….';
  if (view.needsNews)
    return '\nYou may appeal again, with what is new: recourse appeal open --news-file ….';
  return (
    view.mayAppealUntil !== undefined &&
    view.appeals.length === 0 &&
    `\nYou may appeal until ${view.mayAppealUntil}: recourse appeal open --ground ….`
  );
}

function factsOf({ submitter, facts, ...view }: CaseView): Readonly<Record<string, Cell>> {
  const named: Record<string, Cell> = {
    case: view.sanction,
    'recorded by': `${submitter.name} (${submitter.domain})`,
    'complaints to': submitter.complaints,
    state: view.disputed ? `${view.state}, disputed` : view.state,
    'suspended for': view.suspendedFor.join(', '),
    'review as a derived record': view.echoReview && echoText(view.echoReview),
    submitted: view.submittedAt,
    expires: view.expiresAt,
    ended: view.endedAt && `${view.endedAt}${view.endCause ? ` (${view.endCause})` : ''}`,
    reason: facts.reason,
    'what they did': facts.action,
    when: `${facts.incidentFrom} – ${facts.incidentTo}`,
    'their evidence': facts.evidence.join(', '),
    'you came by': view.ways
      ?.map(({ way, kind }) => (kind === undefined ? 'a code of the platform' : `${kind} (${way})`))
      .join(', '),
    'news to':
      view.contact &&
      `${view.contact.address}, ${view.contact.state}${view.contact.failing ? ', the last mail failed' : ''}`,
  };
  return Object.fromEntries(
    Object.entries(named).filter(([, value]) => value !== undefined && value !== ''),
  );
}

const echoText = ({ confirmedAt, dueAt, endsAt }: NonNullable<CaseView['echoReview']>): string =>
  confirmedAt === undefined
    ? `own evidence due ${dueAt}, else ends ${endsAt}`
    : `confirmed ${confirmedAt}`;

const appealsShown = ({ appeals }: CaseView): Output =>
  appeals.length > 0 && [
    '\nAppeals',
    rowsOf(appeals, 'appeal', 'ground', 'state', {
      opened: 'openedAt',
      'decision due': 'decisionDueAt',
      outcome: 'outcome',
      cause: 'cause',
    }),
    appeals.map(({ questions, response, reasons }) => [
      questions.map(({ question, kind, text, answerDueAt, answer }) => {
        const due = answer === undefined ? `to answer by ${answerDueAt}` : 'answered';
        return quoted(`${kind} ${question}, ${due}`, text);
      }),
      quoted('The submitter stands by it', response?.text),
      quoted('Reasons', reasons),
    ]),
  ];

const inspectionsShown = ({ inspections }: CaseView): Output =>
  inspections.length > 0 && [
    '\nExamined by a reviewer',
    rowsOf(inspections, 'why', {
      opened: 'openedAt',
      'over by': 'dueAt',
      'evidence due': 'evidenceDueAt',
      closed: 'closedAt',
      outcome: ({ outcome, closedAt }) => outcome ?? (closedAt && 'none'),
    }),
    inspections.map(({ reasons }) => quoted('Reasons', reasons)),
  ];

const toldShown = ({ told = [], toldOthers }: CaseView): Output => [
  `\nothers, as of Monday: ${toldOthers ?? 'none'}; recourse appeal find names who asked about what you prove`,
  told.length === 0
    ? 'Nobody asked about what you proved.'
    : [
        'Who was told',
        rowsOf(
          told,
          { platform: 'name', when: 'toldAt' },
          'purpose',
          { 'what they did': 'outcome' },
          {
            recall: ({ recall }) => recall && `${recall.kind}${recall.overdue ? ', overdue' : ''}`,
            answered: ({ recall }) => recall?.action,
          },
        ),
      ],
];

/** What platforms that were told asked the one that recorded it. */
const askedShown = (asked: NonNullable<CaseView['trustQuestions']>): Output =>
  asked.length > 0 && [
    '\nWhat they asked the submitter',
    rowsOf(asked, {
      platform: 'name',
      when: 'askedAt',
      question: 'asks',
      answer: ({ answer, overdue }) => answer ?? (overdue ? 'none, overdue' : 'none yet'),
    }),
  ];

/** Whom you let in, or who let you in. */
const othersShown = (others: NonNullable<CaseView['others']>): Output =>
  others.length > 0 && [
    '\nWhom you let in',
    rowsOf(others, {
      '': 'place',
      name: ({ name, own }) => (own ? `${name} (you)` : name),
      as: 'as',
      since: ({ since }) => since ?? 'invited',
      until: ({ endedAt, inviteUntil }) => endedAt ?? inviteUntil,
    }),
  ];
