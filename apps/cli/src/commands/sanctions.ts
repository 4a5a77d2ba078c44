import { sanctionStates, withdrawalCauses, type OpOutput } from '@recourse/protocol';
import { group } from '../command.ts';
import { opCommand } from '../op-command.ts';
import { choice, optional, repeated } from '../options.ts';
import type { Cell } from '../terminal.ts';
import { outcomeOf } from './appeals.ts';
import { confirmEchoCommand } from './confirm-echo.ts';
import { id } from './ids.ts';
import { retokeniseCommand } from './retokenise.ts';

const list = opCommand({
  op: 'sanctions.list',
  about: 'own sanctions, the newest first',
  flags: { state: optional(choice(sanctionStates, 'only those')) },
  pages: 'sanctions',
  print: ({ sanctions }, terminal) =>
    terminal.table(
      ['sanction', 'state', 'reason', 'submitted', 'expires', 'disputed', 'told'],
      sanctions.map(rowOf),
    ),
});

const rowOf = (record: OpOutput<'sanctions.list'>['sanctions'][number]): Cell[] => [
  record.sanction,
  record.state,
  record.reason,
  record.submittedAt.slice(0, 10),
  record.expiresAt.slice(0, 10),
  record.disputed ? 'yes' : 'no',
  record.toldPlatforms,
];

const get = opCommand({
  op: 'sanctions.get',
  about: 'one own sanction with its history',
  args: { sanction: id('snc') },
  print: (record, terminal) => {
    const {
      history,
      subjects,
      statement: _statement,
      appeals,
      recalls,
      deliveries,
      ...rest
    } = record;
    const { echoReview, ...facts } = rest;
    const members = Object.entries(facts).map(([name, value]) => [name, String(value)]);
    const { issued, acknowledged } = recalls;
    members.push(['recalls', `${issued} issued, ${acknowledged} acknowledged`]);
    for (const { index, channel, state } of deliveries) {
      members.push([`${channel} to identifier ${index}`, state]);
    }
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
  },
});

const status = opCommand({
  op: 'sanctions.status',
  about: 'what became of a sanction that you were told of',
  args: { sanction: id('snc') },
  print: ({ sanction, state, version, disputed, expiresAt }, terminal) =>
    terminal.table(
      ['sanction', 'state', 'version', 'disputed', 'expires'],
      [[sanction, state, version, disputed ? 'yes' : 'no', expiresAt]],
    ),
});

const withdraw = opCommand({
  op: 'sanctions.withdraw',
  about: 'end an own sanction; every platform that was told is told',
  args: { sanction: id('snc') },
  flags: { cause: choice(withdrawalCauses, 'why') },
  print: ({ sanction, state, recalls }, terminal) =>
    terminal.line(`${sanction} is ${state}. Platforms told to undo: ${recalls}.`),
});

const confirm = opCommand({
  op: 'sanctions.confirm',
  about: 'confirm drafts of another trust holder of your party',
  args: { sanctions: repeated(id('snc', 'at most 64')) },
  print: ({ confirmed }, terminal) =>
    terminal.table(
      ['sanction', 'state', 'notice due'],
      confirmed.map((one) => [one.sanction, one.state, one.noticeDueAt]),
    ),
});

export const sanctionsCommand = group({
  name: 'sanctions',
  about: 'your own sanctions, and the status of those you were told of',
  commands: [list, get, withdraw, confirmEchoCommand, confirm, retokeniseCommand, status],
});
