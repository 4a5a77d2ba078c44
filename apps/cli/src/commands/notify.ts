import { noticeChannels, toNumericDate, writtenLanguage } from '@recourse/protocol';
import { InvalidArgumentError } from 'commander';
import { command } from '../command.ts';
import { CliError } from '../errors.ts';
import { printNotice } from '../notice/print-notice.ts';
import {
  choice,
  optional,
  parseDate,
  parseIndex,
  repeated,
  text,
  toggle,
  value,
} from '../options.ts';
import { id } from './ids.ts';

export const notifyCommand = command(
  {
    name: 'notify',
    about:
      'print the notice for the creator; then say when and how it went out: the hold runs from then',
    args: { sanction: id('snc') },
    flags: {
      channel: choice(noticeChannels, 'how'),
      language: value('tag', 'language of the notice, such as en', parseLanguage),
      sentAt: optional(value('time', 'when it went out', parseDate)),
      subject: optional(
        repeated(
          value(
            'index',
            'leaf index of a subject written to; may be repeated; all of them when absent',
            parseIndex,
          ),
        ),
      ),
      print: toggle('write the notice instead of saying that it went out'),
      caseCodes: optional(text('file', 'with --print: where submit or import put the case code')),
      accountFile: optional(text('file', 'with --print: the account of facts as it was submitted')),
      foundBy: optional(
        choice(['automated-means', 'people'], 'with --print: what found it', 'means'),
      ),
      timeZone: optional(text('name', "with --print: the creator's, such as Europe/Berlin")),
      out: optional(text('file', 'with --print: a new file (0600) instead of the terminal')),
    },
  },
  async ({ sanction, ...flags }, context) => {
    if (flags.print) return printNotice(context, sanction, flags);
    const { channel, language, sentAt, subject } = flags;
    if (!sentAt) throw unsent;
    const recourse = await context.connect();
    const all = async (): Promise<number[]> =>
      (await recourse.sanctions.get({ sanction })).subjects.map(({ index }) => index);
    const subjects = subject ?? (await all());
    const notice = { sanction, channel, language, sentAt: toNumericDate(sentAt), subjects };
    const told = await recourse.sanctions.notify(notice);
    context.terminal.result(told, () =>
      context.terminal.line(
        `${told.sanction} is ${told.state}; checks answer from ${told.visibleFrom}.`,
      ),
    );
  },
);

function parseLanguage(text: string): string {
  if (writtenLanguage.safeParse(text).success) return text;
  throw new InvalidArgumentError('It takes a language such as en, de or pt-BR.');
}

const unsent = new CliError('usage', {
  message: 'Nothing says when the notice went out.',
  next: 'Add --sent-at TIME once it was sent, or --print to write the notice first.',
});
