import {
  decidedCauses,
  decisionOutcomes,
  inspectionOutcomes,
  isId,
  reasonCodes,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import { readWords } from '../../case/read-words.ts';
import { command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { CliError } from '../../errors.ts';
import { opCommand } from '../../op-command.ts';
import {
  choice,
  optional,
  parseDate,
  parseIndex,
  repeated,
  text,
  toggle,
  value,
} from '../../options.ts';
import type { Terminal } from '../../terminal.ts';
import { id, reviewId } from '../ids.ts';

const textFile = optional(
  text('file', 'up to 4,000 characters; asked for when absent, - for stdin'),
);
const readText = (answers: Context['answers'], file: string | undefined): Promise<string> =>
  readWords(answers, { what: 'Text', file, option: '--text-file' });

export const askCommand = opCommand({
  op: 'review.ask',
  about: 'ask the creator something',
  args: { appeal: id('apl') },
  flags: { textFile },
  input: async ({ appeal, textFile: file }, { answers }) => ({
    appeal,
    kind: 'question',
    text: await readText(answers, file),
  }),
  print: printAsked,
});

function printAsked(
  { question, answerDueAt, decisionDueAt }: OpOutput<'review.ask'>,
  terminal: Terminal,
): void {
  terminal.line(`${question}: the creator answers by ${answerDueAt}.`);
  terminal.line(`The decision is due ${decisionDueAt}.`);
}

export const gistCommand = command(
  {
    name: 'gist',
    about:
      'tell the creator what the evidence shows: nothing is upheld on what they could not answer',
    args: { appeal: id('apl') },
    flags: {
      textFile,
      batch: toggle('to every creator of the assignment; a gist names nobody else'),
    },
  },
  async ({ appeal: first, textFile: file, batch }, { terminal, connect, answers }) => {
    const said = await readText(answers, file);
    const { review } = await connect();
    const together = batch ? (await review.get({ appeal: first })).batch : [first];
    const appeals = together.filter((one) => isId('apl', one));
    const asked: OpOutput<'review.ask'>[] = [];
    for (const appeal of appeals)
      asked.push(await review.ask({ appeal, kind: 'gist', text: said }));
    terminal.result(batch ? { asked } : asked[0], () => {
      for (const one of asked) printAsked(one, terminal);
    });
  },
);

export const relieveCommand = opCommand({
  op: 'review.relieve',
  about: 'suspend the sanction until an instant; everyone told pauses',
  args: { appeal: id('apl') },
  flags: {
    until: optional(value('time', 'at most 14 days away', parseDate)),
    refuse: toggle('of speech, in time: it goes on; what nobody decided in 3 days is granted'),
  },
  input: ({ appeal, until, refuse }) => {
    if ((until === undefined) === (refuse === undefined)) throw untilOrRefuse;
    return { appeal, until: until?.toISOString() ?? null };
  },
  print: ({ until, recalls }, terminal) =>
    terminal.line(
      until === null
        ? 'Refused: the record goes on meanwhile.'
        : `Suspended until ${until}. Platforms told to pause: ${recalls}.`,
    ),
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

export const recuseCommand = opCommand({
  op: 'review.recuse',
  about: 'give a claimed case back; somebody else is assigned',
  args: { appeal: reviewId() },
  flags: { why: choice(whys, 'why') },
  print: ({ appeal }, terminal) => terminal.line(`${appeal} is no longer yours.`),
});

export const decideCommand = command(
  {
    name: 'decide',
    about: 'decide a claimed appeal or inspection by a signed decision and its reasons',
    args: { appeal: reviewId() },
    flags: {
      outcome: choice(
        [...decisionOutcomes, ...inspectionOutcomes],
        'finding: of a record that has ended; passed or failed: of an inspection',
      ),
      cause: optional(choice(decidedCauses, 'of a reversal or a finding')),
      reason: optional(choice(reasonCodes, 'of an amendment: a lesser reason', 'code')),
      expires: optional(value('time', 'of an amendment: an earlier expiry', parseDate)),
      detach: optional(
        repeated(
          value(
            'index',
            'of an amendment: a subject that no longer matches; may be repeated',
            parseIndex,
          ),
        ),
      ),
      reasonsFile: optional(
        text(
          'file',
          'for the creator and the submitter, up to 20,000 characters; asked for when absent, - for stdin',
        ),
      ),
      tiesFile: optional(
        text(
          'file',
          'what ties this creator to the evidence, or that nothing does; needed where others came along',
        ),
      ),
    },
  },
  async (given, { terminal, connect, answers }) => {
    const { reasonsFile: file, tiesFile, ...decision } = given;
    const reasons = await readWords(answers, { what: 'Reasons', file, option: '--reasons-file' });
    const ties = { what: 'What ties the creator to it', file: tiesFile, option: '--ties-file' };
    const tie = tiesFile === undefined ? undefined : await readWords(answers, ties);
    const { review } = await connect();
    const { sanction } = await review.get({ appeal: given.appeal });
    const decided = await review.decide({ ...decision, sanction, reasons, tie });
    terminal.result(decided, () => terminal.line(said(decided)));
  },
);

function said({ appeal, state, outcome, recalls }: OpOutput<'review.decide'>): string {
  return state === 'awaiting-another'
    ? `${appeal}: taken. Another reviewer decides too, and is not told how you did.`
    : `${appeal}: ${outcome}. Platforms that were told: ${recalls}.`;
}
