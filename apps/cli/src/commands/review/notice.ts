import { isRecourseError } from '@recourse/sdk';
import { Command } from 'commander';
import { contextOf } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { printableText } from '../../terminal.ts';
import { sanctionId } from '../ids.ts';

/** Whether a notice is rightly withheld. */
export const noticeCommand = (environment: Environment): Command =>
  new Command('notice')
    .description('the record whose notice is withheld the longest; say whether rightly')
    .argument('[sanction]', 'with --confirm or --refuse: the one that was shown')
    .option('--confirm', 'the ground holds: the record answers until its notice is due')
    .option('--refuse', 'it does not: the record stays held, and notice is owed in days')
    .action(async (sanction: string | undefined, flags: NoticeFlags, command: Command) => {
      if (sanction === undefined) return show(environment, command);
      if (flags.confirm === flags.refuse) {
        return command.error('error: say --confirm or --refuse, and not both');
      }
      const { terminal, connect } = contextOf(command, environment);
      const id = sanctionId(sanction);
      const recourse = await connect();
      const confirmed = flags.confirm === true;
      const result = await recourse.review.confirmNotice({ sanction: id, confirmed });
      return terminal.result(result, () =>
        terminal.line(
          `${confirmed ? 'Confirmed' : 'Refused'}; notice is due ${result.noticeDueAt}.`,
        ),
      );
    });

interface NoticeFlags {
  readonly confirm?: boolean;
  readonly refuse?: boolean;
}

async function show(environment: Environment, command: Command): Promise<void> {
  const { terminal, connect } = contextOf(command, environment);
  const recourse = await connect();
  try {
    const found = await recourse.review.notice({});
    terminal.result({ waiting: found }, () => {
      const { sanction, reason, ground, noticeDueAt, account } = found;
      terminal.line(
        `${sanction} (${reason}): withheld for ${ground}, at most until ${noticeDueAt}.`,
      );
      terminal.line(`\nThe submitter's account\n${printableText(account)}`);
      terminal.line(`\nThen: recourse review notice ${sanction} --confirm, or --refuse`);
    });
  } catch (error) {
    if (!isRecourseError(error, 'not-found')) throw error;
    // Nothing to look at is no failure.
    terminal.result({ waiting: null }, () =>
      terminal.line('No notice waits that you could judge.'),
    );
  }
}
