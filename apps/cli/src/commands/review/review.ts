import {
  decidedCauses,
  decisionOutcomes,
  inspectionOutcomes,
  isId,
  reasonCodes,
  reviewIdOf,
  type Id,
  type OpInput,
  type OpOutput,
  type ReviewId,
} from '@recourse/protocol';
import type { Recourse } from '@recourse/sdk';
import { words } from '../../asking.ts';
import { command, group } from '../../command.ts';
import { unlessNone } from '../../context.ts';
import { CliError } from '../../errors.ts';
import { opCommand } from '../../op-command.ts';
import { choice, id, index, optional, repeated, reviewId, time, toggle } from '../../options.ts';
import { rowsOf, type Output } from '../../terminal.ts';
import { evidenceCommand, fileCommand, recheckCommand } from './evidence.ts';
import { getCommand } from './get.ts';
import { countersignCommand, itemsCommand, noticeCommand, voteCommand } from './items.ts';

type Claim = OpOutput<'review.queue'>['claims'][number] | OpOutput<'review.claim'>;

const aboutOf = (claim: Claim): string =>
  'inspection' in claim ? `inspection: ${claim.why}` : claim.ground;
const dueOf = (claim: Claim): string => ('inspection' in claim ? claim.dueAt : claim.decisionDueAt);

const queue = opCommand({
  op: 'review.queue',
  about: 'your assignments, and how much waits that you could take',
  print: ({ claims, waiting }) => [
    claims.length === 0
      ? 'You have no assignments.'
      : rowsOf(claims, { case: reviewIdOf, about: aboutOf }, 'state', {
          opened: 'openedAt',
          due: dueOf,
          key: ({ keyed }) => (keyed ? 'yes' : 'no: take again'),
          'came with': (claim) => (claim.batch === reviewIdOf(claim) ? '' : claim.batch),
        }),
    [
      `${waiting.all} wait, ${waiting.eligible} of them for you`,
      waiting.oldest === undefined ? '.' : `, the oldest since ${waiting.oldest}.`,
      waiting.overdue === 0 ? '' : ` ${waiting.overdue} should have been taken already.`,
    ].join(''),
  ],
});

const take = command(
  {
    name: 'take',
    about:
      'take the appeal or inspection that you are assigned, with a fresh key that evidence is sealed to',
  },
  async (_, { terminal, connect }) => {
    const { review } = await connect();
    const taken = await unlessNone(review.take());
    terminal.result({ taken }, () => {
      if (taken === null) return 'Nothing waits that you could take.';
      const others = taken.batch.length - 1;
      return [
        `${reviewIdOf(taken)} (${aboutOf(taken)}) is yours; decide by ${dueOf(taken)}.`,
        others > 0 && `${others} more rest on the same evidence: read it once, decide each.`,
        `Read it: recourse review get ${reviewIdOf(taken)}`,
      ];
    });
  },
);

const said = words('Text', 'up to 4,000 characters; asked for when absent, - for stdin');

const ask = opCommand({
  op: 'review.ask',
  about: 'ask the creator something',
  args: { appeal: id('apl') },
  flags: { text: said },
  input: (question) => ({ ...question, kind: 'question' }),
  print: askedShown,
});

function askedShown({ question, answerDueAt, decisionDueAt }: OpOutput<'review.ask'>): Output {
  return [
    `${question}: the creator answers by ${answerDueAt}.`,
    `The decision is due ${decisionDueAt}.`,
  ];
}

const gist = command(
  {
    name: 'gist',
    about:
      'tell the creator what the evidence shows: nothing is upheld on what they could not answer',
    args: { appeal: id('apl') },
    flags: {
      text: said,
      batch: toggle('to every creator of the assignment; a gist names nobody else'),
    },
  },
  async ({ appeal: first, text, batch }, { terminal, connect }) => {
    const { review } = await connect();
    const together = batch ? await openOfBatch(review, first) : [first];
    const asked: OpOutput<'review.ask'>[] = [];
    for (const appeal of together)
      if (isId('apl', appeal)) asked.push(await review.ask({ appeal, kind: 'gist', text }));
    terminal.result(batch ? { asked } : asked[0], () => asked.map(askedShown));
  },
);

/** Cases that came with this one, and are not decided. */
async function openOfBatch(review: Recourse['review'], appeal: Id<'apl'>): Promise<ReviewId[]> {
  const [{ batch }, { claims }] = await Promise.all([review.get({ appeal }), review.queue({})]);
  const open = new Set(claims.filter(({ state }) => state === 'open').map(reviewIdOf));
  return batch.filter((one) => open.has(one));
}

const relieve = opCommand({
  op: 'review.relieve',
  about: 'suspend the sanction until an instant; everyone told pauses',
  args: { appeal: id('apl') },
  flags: {
    until: optional(time('at most 14 days away')),
    refuse: toggle('of speech, in time: it goes on; what nobody decided in 3 days is granted'),
  },
  refuse: ({ until, refuse }) => (until === undefined) === (refuse === undefined) && untilOrRefuse,
  input: ({ appeal, until }) => ({ appeal, until: until?.toISOString() ?? null }),
  print: ({ until, recalls }) =>
    until === null
      ? 'Refused: the record goes on meanwhile.'
      : `Suspended until ${until}. Platforms told to pause: ${recalls}.`,
});

const untilOrRefuse = new CliError('usage', {
  message: 'Relief is granted until an instant, or refused.',
  next: 'Say --until TIME or --refuse, and not both.',
});

const whys = [
  'affiliation',
  'acquaintance',
  'language',
  'workload',
  'other-conflict',
] as const satisfies readonly OpInput<'review.recuse'>['why'][];

const recuse = opCommand({
  op: 'review.recuse',
  about: 'give a case back that you took; somebody else is assigned',
  args: { appeal: reviewId() },
  flags: { why: choice(whys, 'why') },
  print: ({ appeal }) => `${appeal} is no longer yours.`,
});

const decide = opCommand({
  op: 'review.decide',
  about: 'decide a taken appeal or inspection by a signed decision and its reasons',
  args: { appeal: reviewId() },
  flags: {
    outcome: choice(
      [...decisionOutcomes, ...inspectionOutcomes],
      'finding: of a record that has ended; passed or failed: of an inspection',
    ),
    cause: optional(choice(decidedCauses, 'of a reversal or a finding')),
    reason: optional(choice(reasonCodes, 'of an amendment: a lesser reason', 'code')),
    expires: optional(time('of an amendment: an earlier expiry')),
    detach: optional(
      repeated(
        index('index', 'of an amendment: a subject that no longer matches; may be repeated'),
      ),
    ),
    reasons: words(
      'Reasons',
      'for the creator and the submitter, up to 20,000 characters; asked for when absent, - for stdin',
    ),
    ties: optional(
      words(
        'What ties the creator to it',
        'what ties this creator to the evidence, or that nothing does; needed where others came along',
      ),
    ),
  },
  input: async ({ ties: tie, ...decision }, { connect }) => {
    const { sanction } = await (await connect()).review.get({ appeal: decision.appeal });
    return { ...decision, sanction, tie };
  },
  print: ({ appeal, state, outcome, recalls }) =>
    state === 'awaiting-another'
      ? `${appeal}: taken. Another reviewer decides too, and is not told how you did.`
      : `${appeal}: ${outcome}. Platforms that were told: ${recalls}.`,
});

/** The side of a reviewer. */
export const reviewCommand = group({
  name: 'review',
  about: 'the panel: take a case, open its evidence, ask, decide; needs a reviewer key',
  commands: [
    queue,
    take,
    getCommand,
    evidenceCommand,
    recheckCommand,
    fileCommand,
    ask,
    gist,
    relieve,
    recuse,
    decide,
    noticeCommand,
    countersignCommand,
    itemsCommand,
    voteCommand,
  ],
});
