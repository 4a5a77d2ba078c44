import { noticeChannels, toNumericDate, type OpInput } from '@recourse/protocol';
import { Command, Option } from 'commander';
import { contextOf } from '../context.ts';
import type { Environment } from '../environment.ts';
import { parseDate } from '../options.ts';
import { sanctionId } from './ids.ts';

interface NotifyFlags {
  readonly channel: OpInput<'sanctions.notify'>['channel'];
  readonly language: string;
  readonly sentAt: Date;
  readonly subject?: number[];
}

export const notifyCommand = (environment: Environment): Command =>
  new Command('notify')
    .description('say when and how the creator was told; the hold runs from then')
    .argument('<sanction>')
    .addOption(
      new Option('--channel <channel>', 'how').choices([...noticeChannels]).makeOptionMandatory(),
    )
    .requiredOption('--language <tag>', 'language of the notice, such as en')
    .requiredOption('--sent-at <time>', 'when it went out', parseDate)
    .option(
      '--subject <index>',
      'leaf index of a subject written to; may be repeated; all of them when absent',
      (text: string, before: number[] | undefined) => [...(before ?? []), Number(text)],
    )
    .action(async (id: string, flags: NotifyFlags, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const recourse = await connect();
      const sanction = sanctionId(id);
      const { channel, language, sentAt } = flags;
      const all = async (): Promise<number[]> =>
        (await recourse.sanctions.get({ sanction })).subjects.map(({ index }) => index);
      const subjects = flags.subject ?? (await all());
      const notice = { sanction, channel, language, sentAt: toNumericDate(sentAt), subjects };
      const result = await recourse.sanctions.notify(notice);
      terminal.result(result, () =>
        terminal.line(
          `${result.sanction} is ${result.state}; checks answer from ${result.visibleFrom}.`,
        ),
      );
    });
