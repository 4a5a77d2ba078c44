import { noticeChannels, toNumericDate, writtenLanguage, type Id } from '@recourse/protocol';
import { Command, InvalidArgumentError, Option } from 'commander';
import { contextOf, type Context } from '../context.ts';
import type { Environment } from '../environment.ts';
import { CliError } from '../errors.ts';
import { printNotice, type PrintFlags } from '../notice/print-notice.ts';
import { parseDate } from '../options.ts';
import { sanctionId } from './ids.ts';

interface NotifyFlags extends PrintFlags {
  readonly print?: boolean;
  readonly sentAt?: Date;
  readonly subject?: number[];
}

export const notifyCommand = (environment: Environment): Command =>
  new Command('notify')
    .description(
      'print the notice for the creator; then say when and how it went out: the hold runs from then',
    )
    .argument('<sanction>')
    .addOption(
      new Option('--channel <channel>', 'how').choices([...noticeChannels]).makeOptionMandatory(),
    )
    .requiredOption('--language <tag>', 'language of the notice, such as en', parseLanguage)
    .option('--sent-at <time>', 'when it went out', parseDate)
    .option(
      '--subject <index>',
      'leaf index of a subject written to; may be repeated; all of them when absent',
      (text: string, before: number[] | undefined) => [...(before ?? []), Number(text)],
    )
    .option('--print', 'write the notice instead of saying that it went out')
    .option('--case-codes <file>', 'with --print: where submit or import put the case code')
    .option('--account-file <file>', 'with --print: the account of facts as it was submitted')
    .addOption(
      new Option('--found-by <means>', 'with --print: what found it').choices([
        'automated-means',
        'people',
      ]),
    )
    .option('--time-zone <name>', "with --print: the creator's, such as Europe/Berlin")
    .option('--out <file>', 'with --print: a new file (0600) instead of the terminal')
    .action(async (id: string, flags: NotifyFlags, command: Command) => {
      const context = contextOf(command, environment);
      if (flags.print) return printNotice(context, sanctionId(id), flags);
      return tell(context, sanctionId(id), flags);
    });

/** Says that the notice went out; the registry signs for it, and the hold begins. */
async function tell(context: Context, sanction: Id<'snc'>, flags: NotifyFlags): Promise<void> {
  const { terminal, connect } = context;
  const { channel, language } = flags;
  const sentAt = toNumericDate(flags.sentAt ?? missing('--sent-at TIME'));
  const recourse = await connect();
  const all = async (): Promise<number[]> =>
    (await recourse.sanctions.get({ sanction })).subjects.map(({ index }) => index);
  const subjects = flags.subject ?? (await all());
  const result = await recourse.sanctions.notify({ sanction, channel, language, sentAt, subjects });
  terminal.result(result, () =>
    terminal.line(
      `${result.sanction} is ${result.state}; checks answer from ${result.visibleFrom}.`,
    ),
  );
}

function parseLanguage(text: string): string {
  if (writtenLanguage.safeParse(text).success) return text;
  throw new InvalidArgumentError('It takes a language such as en, de or pt-BR.');
}

function missing(option: string): never {
  throw new CliError('usage', {
    message: 'Nothing says when the notice went out.',
    next: `Add ${option} once it was sent, or --print to write the notice first.`,
  });
}
