import { panelOutcomes, panelRules, type OpOutput } from '@recourse/protocol';
import { words } from '../../asking.ts';
import { command } from '../../command.ts';
import { unlessNone } from '../../context.ts';
import { CliError } from '../../errors.ts';
import { opCommand } from '../../op-command.ts';
import { choice, id, optional, text, toggle } from '../../options.ts';
import { quoted, rowsOf } from '../../terminal.ts';
import { seatFlags } from '../panel.ts';

export const itemsCommand = opCommand({
  op: 'review.items',
  about:
    'what you were asked beside appeals: suspensions, registrations, identifiers that changed hands, whose a case is',
  print: ({ items, redecided }) => [
    redecided.asked > 0 &&
      `Of your reversals ${redecided.asked} were decided again; two others would have left ${redecided.overturned} in force.`,
    items.length === 0
      ? 'You are asked about no platform.'
      : rowsOf(items, 'item', 'kind', 'party', {
          due: 'dueAt',
          about: aboutOf,
          'your vote': ({ voted, kind }) =>
            voted ? 'is in' : `${panelRules[kind].harsher} or ${panelRules[kind].milder}`,
        }),
  ],
});

type Item = OpOutput<'review.items'>['items'][number];

/** In short; `--json` has the statement, the words and all else. */
function aboutOf({ figures, objections, record, challenge }: Item): string {
  if (figures) return `${figures.reversed} of ${figures.decided} reversed`;
  if (objections)
    return objections
      .map(({ ground, group }) => (group ? `${ground} ${group}` : ground))
      .join(', ');
  const sanction = record?.sanction ?? '';
  if (!challenge) return sanction;
  const { place, changedAt, by } = challenge;
  return `${sanction}, subject ${place} since ${changedAt}, by ${by}`;
}

export const voteCommand = opCommand({
  op: 'review.vote',
  about: 'vote on an item, blind to the other reviewers',
  args: { item: id('itm') },
  flags: {
    outcome: choice(panelOutcomes, 'as items lists it for the kind'),
    reasons: words(
      'Reasons',
      'for the platform, up to 20,000 characters; asked for when absent, - for stdin',
    ),
  },
  print: ({ state, outcome }) =>
    state === 'closed'
      ? `Closed: ${outcome ?? 'without an outcome'}.`
      : 'Taken. Others vote too, and are not told how you did.',
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
    refuse: ({ sanction, confirm, refuse }) =>
      sanction !== undefined && confirm === refuse && confirmOrRefuse,
  },
  async ({ sanction, confirm: confirmed = false }, { terminal, connect }) => {
    const { review } = await connect();
    if (sanction !== undefined) {
      const result = await review.confirmNotice({ sanction, confirmed });
      return terminal.result(
        result,
        () => `${confirmed ? 'Confirmed' : 'Refused'}; notice is due ${result.noticeDueAt}.`,
      );
    }
    const waiting = await unlessNone(review.notice({}));
    return terminal.result({ waiting }, () =>
      waiting === null
        ? 'No notice waits that you could judge.'
        : [
            `${waiting.sanction} (${waiting.reason}): withheld for ${waiting.ground}, at most until ${waiting.noticeDueAt}.`,
            quoted("The submitter's account", waiting.account),
            `\nThen: recourse review notice ${waiting.sanction} --confirm, or --refuse`,
          ],
    );
  },
);

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
      ...seatFlags,
    },
  },
  async (
    { until: termUntil, language: languages, optOut = [], affiliation = [], invite },
    { terminal, connect },
  ) => {
    const affiliations = affiliation.map((party) => ({ party }));
    const { review } = await connect();
    const seat = { invite, affiliations, languages, optOut, termUntil };
    const countersignature = await review.countersign(seat);
    terminal.result({ countersignature }, () => [
      countersignature,
      'Give it to the operator: recourse panel invite takes two of them, as --countersignature.',
    ]);
  },
);
