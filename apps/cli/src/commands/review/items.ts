import { panelOutcomes, panelRules, reasonCodes, type OpOutput } from '@recourse/protocol';
import type { Recourse } from '@recourse/sdk';
import { readWords } from '../../case/read-words.ts';
import { command } from '../../command.ts';
import { CliError } from '../../errors.ts';
import { opCommand } from '../../op-command.ts';
import { choice, optional, parseDate, repeated, text, toggle, value } from '../../options.ts';
import { printableText, type Terminal } from '../../terminal.ts';
import { id } from '../ids.ts';
import { unlessNone } from './take.ts';

export const itemsCommand = opCommand({
  op: 'review.items',
  about:
    'what you were asked beside appeals: suspensions, registrations, identifiers that changed hands, whose a case is',
  print: ({ items, redecided }, terminal) => {
    if (redecided.asked > 0) {
      const { asked, overturned } = redecided;
      terminal.line(
        `Of your reversals ${asked} were decided again; two others would have left ${overturned} in force.`,
      );
    }
    if (items.length === 0) return terminal.line('You are asked about no platform.');
    terminal.table(
      ['item', 'kind', 'party', 'due', 'about', 'your vote'],
      items.map(({ item, kind, party, dueAt, voted, ...matter }) => [
        item,
        kind,
        party,
        dueAt,
        aboutOf(matter),
        voted ? 'is in' : `${panelRules[kind].harsher} or ${panelRules[kind].milder}`,
      ]),
    );
  },
});

type Item = OpOutput<'review.items'>['items'][number];

/** In short; `--json` has the statement, the words and all else. */
function aboutOf({ figures, objections, record, challenge }: Partial<Item>): string {
  if (figures) return `${figures.reversed} of ${figures.decided} reversed`;
  if (objections)
    return objections
      .map(({ ground, group }) => (group ? `${ground} ${group}` : ground))
      .join(', ');
  const sanction = record?.sanction ?? '';
  if (challenge) {
    return `${sanction}, subject ${challenge.place} since ${challenge.changedAt}, by ${challenge.by}`;
  }
  return sanction;
}

export const voteCommand = opCommand({
  op: 'review.vote',
  about: 'vote on an item, blind to the other reviewers',
  args: { item: id('itm') },
  flags: {
    outcome: choice(panelOutcomes, 'as items lists it for the kind'),
    reasonsFile: optional(
      text('file', 'for the platform, up to 20,000 characters; asked for when absent, - for stdin'),
    ),
  },
  input: async ({ reasonsFile: file, ...vote }, { answers }) => ({
    ...vote,
    reasons: await readWords(answers, { what: 'Reasons', file, option: '--reasons-file' }),
  }),
  print: ({ state, outcome }, terminal) =>
    terminal.line(
      state === 'closed'
        ? `Closed: ${outcome ?? 'without an outcome'}.`
        : 'Taken. Others vote too, and are not told how you did.',
    ),
});

/** Whether a notice is rightly withheld. */
export const noticeCommand = command(
  {
    name: 'notice',
    about: 'the record whose notice is withheld the longest; say whether rightly',
    args: {
      sanction: optional(id('snc', 'with --confirm or --refuse: the one that was shown')),
    },
    flags: {
      confirm: toggle('the ground holds: the record answers until its notice is due'),
      refuse: toggle('it does not: the record stays held, and notice is owed in days'),
    },
  },
  async ({ sanction, confirm, refuse }, { terminal, connect }) => {
    if (sanction === undefined) return showWithheld(await connect(), terminal);
    if (confirm === refuse) throw confirmOrRefuse;
    const confirmed = confirm === true;
    const result = await (await connect()).review.confirmNotice({ sanction, confirmed });
    return terminal.result(result, () =>
      terminal.line(`${confirmed ? 'Confirmed' : 'Refused'}; notice is due ${result.noticeDueAt}.`),
    );
  },
);

async function showWithheld({ review }: Recourse, terminal: Terminal): Promise<void> {
  const waiting = await unlessNone(review.notice({}));
  terminal.result({ waiting }, () => {
    if (waiting === null) return terminal.line('No notice waits that you could judge.');
    const { sanction, reason, ground, noticeDueAt, account } = waiting;
    terminal.line(`${sanction} (${reason}): withheld for ${ground}, at most until ${noticeDueAt}.`);
    terminal.line(`\nThe submitter's account\n${printableText(account)}`);
    terminal.line(`\nThen: recourse review notice ${sanction} --confirm, or --refuse`);
  });
}

const confirmOrRefuse = new CliError('usage', {
  message: 'A notice is withheld rightly or not.',
  next: 'Say --confirm or --refuse, and not both.',
});

export const countersignCommand = command(
  {
    name: 'countersign',
    about: 'sign for a new reviewer, with the terms that are published',
    flags: {
      invite: text('hash', 'hash of the invite, from an operator'),
      until: value('time', 'end of the term', parseDate),
      language: repeated(text('code', 'a language that they read; may be repeated')),
      optOut: optional(
        repeated(choice(reasonCodes, 'codes whose cases they do not take, up to nine', 'code')),
      ),
      affiliation: optional(
        repeated(id('plt', 'a platform that bars cases; may be repeated', 'party')),
      ),
    },
  },
  async (
    { invite, until: termUntil, language: languages, optOut = [], affiliation = [] },
    { terminal, connect },
  ) => {
    const affiliations = affiliation.map((party) => ({ party }));
    const { review } = await connect();
    const seat = { invite, affiliations, languages, optOut, termUntil };
    const countersignature = await review.countersign(seat);
    terminal.result({ countersignature }, () => {
      terminal.line(countersignature);
      terminal.line('Give it to an operator, who sends two of them with panel.invite.');
    });
  },
);
