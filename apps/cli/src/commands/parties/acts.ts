import {
  b64u32,
  demandKinds,
  groupSchema,
  mostDelayDays,
  objectionGrounds,
  quarterSchema,
} from '@recourse/protocol';
import { InvalidArgumentError } from 'commander';
import { opCommand } from '../../op-command.ts';
import { choice, optional, value } from '../../options.ts';
import { id } from '../ids.ts';

const listed = 'plt_…, as recourse parties shows it';

export const objectCommand = opCommand({
  op: 'parties.object',
  about:
    'object to a registration within its window, or to an undisclosed group at any time; the panel decides',
  args: { party: id('plt', listed) },
  flags: {
    ground: choice(objectionGrounds, 'what the panel is to look at'),
    group: optional(value('group', 'with group-undisclosed: the group it belongs to', parseGroup)),
  },
  print: ({ party, state }, terminal) =>
    terminal.line(
      state === 'asked'
        ? `Asked. ${party} counts to that group until the panel decides.`
        : `Objected. ${party} stays pending until the panel decides.`,
    ),
});

export const demandCommand = opCommand({
  op: 'parties.demand',
  about: 'report demands of authorities for checks or records, in counts',
  flags: {
    kind: choice(demandKinds, 'what was demanded'),
    quarter: value('quarter', 'when, such as 2026-Q1', parseQuarter),
    received: value('n', 'how many there were', parseNumber),
    complied: value('n', 'how many were complied with', parseNumber),
    refused: value('n', 'how many were refused', parseNumber),
    delayDays: optional(
      value(
        'n',
        `where the law forbids to tell now: published then, ${mostDelayDays} days at most`,
        parseNumber,
      ),
    ),
  },
  print: ({ publishedAt }, terminal) => terminal.line(`Reported; published ${publishedAt}.`),
});

export const attestCommand = opCommand({
  op: 'parties.attest',
  about: 'sign and file the statement of a quarter: no demand of an authority, or how many',
  flags: {
    quarter: value('quarter', 'one that is over, such as 2026-Q1', parseQuarter),
    demands: value('n', 'none, or how many', parseDemands),
  },
  print: ({ quarter, missing }, terminal) => {
    terminal.line(`Filed for ${quarter}.`);
    if (missing.length > 0) terminal.line(`Still missing: ${missing.join(', ')}.`);
  },
});

export const leaveCommand = opCommand({
  op: 'platforms.leave',
  about: 'end the membership: no checks or submissions at once, and for good',
  args: { party: id('plt', 'your own plt_…, typed so that nobody leaves by accident') },
  print: (left, terminal) => {
    if (left.state === 'proposed') return terminal.line(proposed(left.executeBefore));
    terminal.line(
      `Left. Your records end by ${left.recordsEndAt}, unless the panel confirms them.`,
    );
    terminal.line('Recalls, evidence and notices stay owed: recourse recalls list.');
  },
});

/** A platform lost its admin key, and its domain asks for a new one. */
export const reenrolCommand = opCommand({
  op: 'platforms.reenrol',
  about: 'for operators: announce new keys of a platform that lost its admin key',
  args: { party: id('plt', listed) },
  flags: { invite: value('hash', 'as recourse keys anew told the platform', parseHash) },
  print: (done, terminal) =>
    terminal.line(
      done.state === 'proposed'
        ? proposed(done.executeBefore)
        : 'Announced in the log and at /parties. In seven days its new admin may enrol, unless any key of the platform stops it.',
    ),
});

const proposed = (until: string | undefined): string =>
  `Proposed. Another operator makes the same call by ${until}.`;

function parseQuarter(text: string): string {
  if (quarterSchema.safeParse(text).success) return text;
  throw new InvalidArgumentError('It takes a quarter such as 2026-Q1.');
}

function parseGroup(text: string): string {
  if (groupSchema.safeParse(text).success) return text;
  throw new InvalidArgumentError('It takes a group as recourse parties shows it, such as harbour.');
}

function parseNumber(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It takes a whole number.');
}

function parseDemands(text: string): number | 'none' {
  if (text === 'none') return 'none';
  const demands = parseNumber(text);
  if (demands > 0) return demands;
  throw new InvalidArgumentError('It takes none, or a number from 1.');
}

function parseHash(text: string): string {
  if (b64u32.safeParse(text).success) return text;
  throw new InvalidArgumentError('It takes the 43 characters that recourse keys anew printed.');
}
