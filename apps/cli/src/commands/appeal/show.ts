import type { CaseView } from '@recourse/protocol';
import { optional, parseCount, text, value } from '../../options.ts';
import { printableText, type Cell, type Terminal } from '../../terminal.ts';
import { codeOf, creatorCommand, keyOf } from './creator.ts';

/** Reads a case by whatever opens it. */
export const showCommand = creatorCommand(
  {
    name: 'show',
    about: 'read your case: who recorded what, who was told, what became of it',
    flags: {
      codeFile: optional(text('file', 'the code or link of the notice; asked for when absent')),
      keyFile: optional(text('file', 'instead: the key of the case, as claim wrote it')),
      found: optional(value('n', 'which of the cases that were found with the key', parseCount)),
    },
  },
  async ({ codeFile, ...keyed }, creator) => {
    const { terminal, client } = creator;
    const isKeyed = keyed.keyFile !== undefined;
    const code = await (isKeyed ? keyOf(creator, keyed) : codeOf(creator, codeFile));
    const opened = await client.open({ code });
    terminal.result(opened, () => printCase(opened.case, terminal));
  },
);

function printCase(view: CaseView, terminal: Terminal): void {
  terminal.table(['', ''], rowsOf(view));
  terminal.line(`\n${printableText(view.facts.account)}`);
  printAppeals(view, terminal);
  printInspections(view, terminal);
  if (view.told) printTold(view, terminal);
  if (view.trustQuestions) printAsked(view.trustQuestions, terminal);
  if (view.others) printOthers(view.others, terminal);
  if (view.access === 'code') {
    terminal.line('\nTo act on it: recourse appeal claim --out KEY-FILE.');
  } else if (view.mayReopen) {
    terminal.line('\nAnother reviewer can look at it, once: recourse appeal open --reopen ….');
  } else if (view.needsNews) {
    terminal.line('\nYou may appeal again, with what is new: recourse appeal open --news-file ….');
  } else if (view.mayAppealUntil !== undefined && view.appeals.length === 0) {
    terminal.line(
      `\nYou may appeal until ${view.mayAppealUntil}: recourse appeal open --ground ….`,
    );
  }
}

function rowsOf({ submitter, facts, ...view }: CaseView): Cell[][] {
  const ended = view.endedAt && `${view.endedAt}${view.endCause ? ` (${view.endCause})` : ''}`;
  const rows: [string, Cell][] = [
    ['case', view.sanction],
    ['recorded by', `${submitter.name} (${submitter.domain})`],
    ['complaints to', submitter.complaints],
    ['state', view.disputed ? `${view.state}, disputed` : view.state],
    ['suspended for', view.suspendedFor.join(', ')],
    ['echo review', view.echoReview && reviewText(view.echoReview)],
    ['submitted', view.submittedAt],
    ['expires', view.expiresAt],
    ['ended', ended],
    ['reason', facts.reason],
    ['what they did', facts.action],
    ['when', `${facts.incidentFrom} – ${facts.incidentTo}`],
    ['their evidence', facts.evidence.join(', ')],
    ['you came by', view.ways && view.ways.map(wayText).join(', ')],
    ['news to', view.contact && contactText(view.contact)],
  ];
  return rows.filter(([, value]) => value !== undefined && value !== '');
}

function printAppeals({ appeals }: CaseView, terminal: Terminal): void {
  if (appeals.length === 0) return;
  terminal.line('\nAppeals');
  terminal.table(
    ['appeal', 'ground', 'state', 'opened', 'decision due', 'outcome', 'cause'],
    appeals.map(({ appeal, ground, state, openedAt, decisionDueAt, outcome, cause }) => [
      appeal,
      ground,
      state,
      openedAt,
      decisionDueAt,
      outcome,
      cause,
    ]),
  );
  for (const { questions, response, reasons } of appeals) {
    for (const { question, kind, text, answerDueAt, answer } of questions) {
      const due = answer === undefined ? `, to answer by ${answerDueAt}` : ', answered';
      terminal.line(`\n${kind} ${question}${due}\n${printableText(text)}`);
    }
    if (response?.text !== undefined) {
      terminal.line(`\nThe submitter stands by it\n${printableText(response.text)}`);
    }
    if (reasons !== undefined) terminal.line(`\nReasons\n${printableText(reasons)}`);
  }
}

function printInspections({ inspections }: CaseView, terminal: Terminal): void {
  if (inspections.length === 0) return;
  terminal.line('\nExamined by a reviewer');
  terminal.table(
    ['why', 'opened', 'over by', 'evidence due', 'closed', 'outcome'],
    inspections.map(({ why, openedAt, dueAt, evidenceDueAt, closedAt, outcome }) => [
      why,
      openedAt,
      dueAt,
      evidenceDueAt,
      closedAt,
      outcome ?? (closedAt === undefined ? undefined : 'none'),
    ]),
  );
  for (const { reasons } of inspections) {
    if (reasons !== undefined) terminal.line(`\nReasons\n${printableText(reasons)}`);
  }
}

function printTold({ told = [], toldOthers }: CaseView, terminal: Terminal): void {
  const others = `others, as of Monday: ${toldOthers ?? 'none'}; recourse appeal find names who asked about what you prove`;
  terminal.line(`\n${others}`);
  if (told.length === 0) return terminal.line('Nobody asked about what you proved.');
  terminal.line('Who was told');
  terminal.table(
    ['platform', 'when', 'purpose', 'what they did', 'recall', 'answered'],
    told.map(({ name, toldAt, purpose, outcome, recall }) => [
      name,
      toldAt,
      purpose,
      outcome,
      recall && `${recall.kind}${recall.overdue ? ', overdue' : ''}`,
      recall?.action,
    ]),
  );
}

/** What platforms that were told asked the one that recorded it. */
function printAsked(asked: NonNullable<CaseView['trustQuestions']>, terminal: Terminal): void {
  if (asked.length === 0) return;
  terminal.line('\nWhat they asked the submitter');
  terminal.table(
    ['platform', 'when', 'question', 'answer'],
    asked.map(({ name, askedAt, asks, answer, overdue }) => [
      name,
      askedAt,
      asks,
      answer ?? (overdue ? 'none, overdue' : 'none yet'),
    ]),
  );
}

/** Whom you let in, or who let you in. */
function printOthers(others: NonNullable<CaseView['others']>, terminal: Terminal): void {
  if (others.length === 0) return;
  terminal.line('\nWhom you let in');
  terminal.table(
    ['', 'name', 'as', 'since', 'until'],
    others.map(({ place, name, as, since, inviteUntil, endedAt, own }) => [
      place,
      own ? `${name} (you)` : name,
      as,
      since ?? 'invited',
      endedAt ?? inviteUntil,
    ]),
  );
}

const wayText = ({ way, kind }: NonNullable<CaseView['ways']>[number]): string =>
  kind === undefined ? 'a code of the platform' : `${kind} (${way})`;

const contactText = ({ address, state, failing }: NonNullable<CaseView['contact']>): string =>
  `${address}, ${state}${failing ? ', the last mail failed' : ''}`;

const reviewText = ({ confirmedAt, dueAt, endsAt }: NonNullable<CaseView['echoReview']>): string =>
  confirmedAt === undefined
    ? `own evidence due ${dueAt}, else ends ${endsAt}`
    : `confirmed ${confirmedAt}`;
