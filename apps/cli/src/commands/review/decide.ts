import {
  decidedCauses,
  decisionOutcomes,
  reasonCodes,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import { readWords } from '../../case/read-words.ts';
import { command, type Create } from '../../command.ts';
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
import { id } from '../ids.ts';

const asking = (name: string, kind: 'question' | 'gist', about: string): Create =>
  opCommand({
    op: 'review.ask',
    name,
    about,
    args: { appeal: id('apl') },
    flags: {
      textFile: optional(
        text('file', 'up to 4,000 characters; asked for when absent, - for stdin'),
      ),
    },
    input: async ({ appeal, textFile: file }, { answers }) => ({
      appeal,
      kind,
      text: await readWords(answers, { what: 'Text', file, option: '--text-file' }),
    }),
    print: ({ question, answerDueAt, decisionDueAt }, terminal) => {
      terminal.line(`${question}: the creator answers by ${answerDueAt}.`);
      terminal.line(`The decision is due ${decisionDueAt}.`);
    },
  });

export const askCommand = asking('ask', 'question', 'ask the creator something');
export const gistCommand = asking(
  'gist',
  'gist',
  'tell the creator what the evidence shows: nothing is upheld on what they could not answer',
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
  args: { appeal: id('apl') },
  flags: { why: choice(whys, 'why') },
  print: ({ appeal }, terminal) => terminal.line(`${appeal} is no longer yours.`),
});

export const decideCommand = command(
  {
    name: 'decide',
    about: 'decide a claimed case by a signed decision and its reasons',
    args: { appeal: id('apl') },
    flags: {
      outcome: choice(decisionOutcomes, 'finding: of a record that has ended'),
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
    },
  },
  async (given, { terminal, connect, answers }) => {
    const { reasonsFile: file, ...decision } = given;
    const reasons = await readWords(answers, { what: 'Reasons', file, option: '--reasons-file' });
    const { review } = await connect();
    const { sanction } = await review.get({ appeal: given.appeal });
    const decided = await review.decide({ ...decision, sanction, reasons });
    terminal.result(decided, () => terminal.line(said(decided)));
  },
);

function said({ appeal, state, outcome, recalls }: OpOutput<'review.decide'>): string {
  return state === 'awaiting-another'
    ? `${appeal}: taken. Another reviewer decides too, and is not told how you did.`
    : `${appeal}: ${outcome}. Platforms that were told: ${recalls}.`;
}
