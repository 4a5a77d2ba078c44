import {
  sanctionStates,
  withdrawalCauses,
  type OpOutput,
  type SanctionState,
  type Withdrawal,
} from '@recourse/protocol';
import { Command, Option } from 'commander';
import { contextOf } from '../context.ts';
import type { Environment } from '../environment.ts';
import { outcomeOf } from './appeals.ts';
import { confirmEchoCommand } from './confirm-echo.ts';
import { sanctionId } from './ids.ts';
import { retokeniseCommand } from './retokenise.ts';
import { parseCount } from '../options.ts';
import type { Cell } from '../terminal.ts';

export const sanctionsCommand = (environment: Environment): Command =>
  new Command('sanctions')
    .description('your own sanctions, and the status of those you were told of')
    .addCommand(listCommand(environment))
    .addCommand(getCommand(environment))
    .addCommand(withdrawCommand(environment))
    .addCommand(confirmEchoCommand(environment))
    .addCommand(confirmCommand(environment))
    .addCommand(retokeniseCommand(environment))
    .addCommand(statusCommand(environment));

const listCommand = (environment: Environment): Command =>
  new Command('list')
    .description('own sanctions, the newest first')
    .addOption(new Option('--state <state>', 'only those').choices([...sanctionStates]))
    .option('--limit <n>', 'how many', parseCount, 50)
    .action(
      async ({ state, limit }: { state?: SanctionState; limit: number }, command: Command) => {
        const { terminal, connect } = contextOf(command, environment);
        const recourse = await connect();
        const sanctions: OpOutput<'sanctions.list'>['sanctions'] = [];
        let cursor: string | undefined;
        do {
          const page = await recourse.sanctions.list({
            limit: Math.min(100, limit),
            ...(state ? { state } : {}),
            ...(cursor === undefined ? {} : { cursor }),
          });
          sanctions.push(...page.sanctions);
          cursor = page.next;
        } while (cursor !== undefined && sanctions.length < limit);
        const shown = sanctions.slice(0, limit);
        terminal.result({ sanctions: shown }, () =>
          terminal.table(
            ['sanction', 'state', 'reason', 'submitted', 'expires', 'disputed', 'told'],
            shown.map(rowOf),
          ),
        );
      },
    );

const rowOf = (record: OpOutput<'sanctions.list'>['sanctions'][number]): Cell[] => [
  record.sanction,
  record.state,
  record.reason,
  record.submittedAt.slice(0, 10),
  record.expiresAt.slice(0, 10),
  record.disputed ? 'yes' : 'no',
  record.toldPlatforms,
];

const getCommand = (environment: Environment): Command =>
  new Command('get')
    .description('one own sanction with its history')
    .argument('<sanction>')
    .action(async (sanction: string, _: object, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const record = await (await connect()).sanctions.get({ sanction: sanctionId(sanction) });
      terminal.result(record, () => {
        const { history, subjects, statement: _statement, appeals, recalls, ...rest } = record;
        const { echoReview, ...facts } = rest;
        const members = Object.entries(facts).map(([name, value]) => [name, String(value)]);
        const { issued, acknowledged } = recalls;
        members.push(['recalls', `${issued} issued, ${acknowledged} acknowledged`]);
        if (echoReview) {
          members.push(['echo review', `due ${echoReview.dueAt}, ends ${echoReview.endsAt}`]);
        }
        terminal.table(['', ''], members);
        terminal.table(
          ['subject', 'kind', 'matches until'],
          subjects.map((s) => [s.index, s.kind, s.matchesUntil]),
        );
        terminal.table(
          ['at', 'event', 'cause'],
          history.map((h) => [h.at, h.event, h.cause]),
        );
        if (appeals.length === 0) return;
        terminal.table(
          ['appeal', 'ground', 'state', 'outcome'],
          appeals.map((one) => [one.appeal, one.ground, one.state, outcomeOf(one)]),
        );
      });
    });

const statusCommand = (environment: Environment): Command =>
  new Command('status')
    .description('what became of a sanction that you were told of')
    .argument('<sanction>')
    .action(async (sanction: string, _: object, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const status = await (await connect()).sanctions.status({ sanction: sanctionId(sanction) });
      terminal.result(status, () =>
        terminal.table(
          ['sanction', 'state', 'version', 'disputed', 'expires'],
          [
            [
              status.sanction,
              status.state,
              status.version,
              status.disputed ? 'yes' : 'no',
              status.expiresAt,
            ],
          ],
        ),
      );
    });

const withdrawCommand = (environment: Environment): Command =>
  new Command('withdraw')
    .description('end an own sanction; every platform that was told is told')
    .argument('<sanction>')
    .addOption(
      new Option('--cause <cause>', 'why').choices([...withdrawalCauses]).makeOptionMandatory(),
    )
    .action(
      async (sanction: string, { cause }: { cause: Withdrawal['cause'] }, command: Command) => {
        const { terminal, connect } = contextOf(command, environment);
        const recourse = await connect();
        const result = await recourse.sanctions.withdraw({ sanction: sanctionId(sanction), cause });
        terminal.result(result, () =>
          terminal.line(
            `${result.sanction} is ${result.state}. Platforms told to undo: ${result.recalls}.`,
          ),
        );
      },
    );

const confirmCommand = (environment: Environment): Command =>
  new Command('confirm')
    .description('confirm drafts of another trust holder of your party')
    .argument('<sanctions...>', 'at most 64')
    .action(async (sanctions: string[], _: object, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const recourse = await connect();
      const result = await recourse.sanctions.confirm({ sanctions: sanctions.map(sanctionId) });
      terminal.result(result, () =>
        terminal.table(
          ['sanction', 'state', 'notice due'],
          result.confirmed.map((one) => [one.sanction, one.state, one.noticeDueAt]),
        ),
      );
    });
