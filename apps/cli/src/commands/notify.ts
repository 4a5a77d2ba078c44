import { noticeChannels, writtenLanguage } from '@recourse/protocol';
import type { NoticeOutcome } from '@recourse/sdk';
import { command } from '../command.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { printNotice } from '../notice/print-notice.ts';
import { choice, fitting, id, optional, repeated, text, time, toggle, value } from '../options.ts';
import type { Output } from '../terminal.ts';

export const notifyCommand = command(
  {
    name: 'notify',
    about:
      'have the registry write to the creator; or say that you told them, where it cannot; or print a notice for your own product',
    args: { sanction: id('snc') },
    flags: {
      language: value(
        'tag',
        'language of the notice, such as en',
        fitting(writtenLanguage, 'a language such as en, de or pt-BR'),
      ),
      email: optional(repeated(text('address', 'an address of the record; give every one'))),
      phone: optional(repeated(text('number', 'a number of the record; give every one'))),
      channel: optional(choice(noticeChannels, 'how you told them yourself')),
      sentAt: optional(time('when you told them yourself')),
      print: toggle('write a notice for your own product instead'),
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
    const { channel, language, sentAt, email, phone } = flags;
    if (flags.print) {
      return printNotice(context, sanction, { ...flags, channel: channel ?? 'web-message' });
    }
    const recourse = await context.connect();
    const stated = channel && sentAt ? { channel, sentAt } : undefined;
    const creator = { email, phone };
    const outcome = await recourse.sanctions.tell({ sanction, language, creator, stated });
    if (outcome.by === 'nobody') throw await nobodyTold(context, sanction);
    context.terminal.result(outcome, () => shown(outcome));
  },
);

type ToldOutcome = Exclude<NoticeOutcome, { by: 'nobody' }>;

const shown = (outcome: ToldOutcome): Output =>
  outcome.by === 'platform'
    ? `${outcome.sanction} is ${outcome.state}. You said that you told its creator; it answers "verify-identity" from ${outcome.visibleFrom}.`
    : [
        outcome.deliveries.map(
          ({ index, channel, state }) => `${channel} to identifier ${index}: ${state}`,
        ),
        `The registry writes to the creator of ${outcome.sanction}. recourse call sanctions.get '{"sanction":"${outcome.sanction}"}' shows what came of it.`,
      ];

/** Says what the record has, and so what to give. */
async function nobodyTold({ connect }: Context, sanction: `snc_${string}`): Promise<CliError> {
  const { subjects } = await (await connect()).sanctions.get({ sanction });
  const kinds = subjects.map(({ kind }) => kind).filter((kind) => /^(email|phone)$/.test(kind));
  return new CliError('usage', {
    message: 'Nobody was told.',
    next:
      kinds.length > 0
        ? `The registry writes to the creator: give ${kinds.map((kind) => `--${kind}`).join(' and ')} as it was submitted.`
        : 'The record has no address. Tell the creator in your product, then say so: --channel web-message --sent-at TIME.',
  });
}
