import {
  b64u32,
  demandKinds,
  groupSchema,
  mostDelayDays,
  objectionGrounds,
  quarterSchema,
} from '@recourse/protocol';
import { command } from '../command.ts';
import { CliError } from '../errors.ts';
import { opCommand } from '../op-command.ts';
import { choice, fitting, id, numeric, optional, taking, value } from '../options.ts';
import { getJson } from '../profile/registry-documents.ts';
import { publicUrl } from '../profile/resolve-identity.ts';
import { table } from '../terminal.ts';

const listed = 'plt_…, as recourse parties shows it';

const object = opCommand({
  op: 'parties.object',
  about:
    'object to a registration within its window, or to an undisclosed group at any time; the panel decides',
  args: { party: id('plt', listed) },
  flags: {
    ground: choice(objectionGrounds, 'what the panel is to look at'),
    group: optional(
      value(
        'group',
        'with group-undisclosed: the group it belongs to',
        fitting(groupSchema, 'a group as recourse parties shows it, such as harbour'),
      ),
    ),
  },
  print: ({ party, state }) =>
    state === 'asked'
      ? `Asked. ${party} counts to that group until the panel decides.`
      : `Objected. ${party} stays pending until the panel decides.`,
});

const parseQuarter = fitting(quarterSchema, 'a quarter such as 2026-Q1');
const parseNumber = numeric(/^\d{1,7}$/, 'a whole number');

const demand = opCommand({
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
  print: ({ publishedAt }) => `Reported; published ${publishedAt}.`,
});

const parseDemands = taking('none, or a number from 1', (text) => {
  if (text === 'none') return text;
  const demands = parseNumber(text);
  return demands > 0 ? demands : undefined;
});

const attest = opCommand({
  op: 'parties.attest',
  about: 'sign and file the statement of a quarter: no demand of an authority, or how many',
  flags: {
    quarter: value('quarter', 'one that is over, such as 2026-Q1', parseQuarter),
    demands: value('n', 'none, or how many', parseDemands),
  },
  print: ({ quarter, missing }) => [
    `Filed for ${quarter}.`,
    missing.length > 0 && `Still missing: ${missing.join(', ')}.`,
  ],
});

const leave = opCommand({
  op: 'platforms.leave',
  about: 'end the membership: no checks or submissions at once, and for good',
  args: { party: id('plt', 'your own plt_…, typed so that nobody leaves by accident') },
  print: (left) =>
    left.state === 'proposed'
      ? proposed(left.executeBefore)
      : [
          `Left. Your records end by ${left.recordsEndAt}, unless the panel confirms them.`,
          'Recalls, evidence and notices stay owed: recourse recalls list.',
        ],
});

/** A platform lost its admin key, and its domain asks for a new one. */
const reenrol = opCommand({
  op: 'platforms.reenrol',
  about: 'for operators: announce new keys of a platform that lost its admin key',
  args: { party: id('plt', listed) },
  flags: {
    invite: value(
      'hash',
      'as recourse keys anew told the platform',
      fitting(b64u32, 'the 43 characters that recourse keys anew printed'),
    ),
  },
  print: (done) =>
    done.state === 'proposed'
      ? proposed(done.executeBefore)
      : 'Announced in the log and at /parties. In seven days its new admin may enrol, unless any key of the platform stops it.',
});

const proposed = (until: string | undefined): string =>
  `Proposed. Another operator makes the same call by ${until}.`;

export const partiesCommand = command(
  {
    name: 'parties',
    about: 'who takes part in the registry, as its public directory says',
    commands: [object, demand, attest, leave, reenrol],
  },
  async (_, { terminal, options, environment }) => {
    const parties = await readParties(await publicUrl(options, environment));
    terminal.result({ parties }, () =>
      table(
        ['party', 'name', 'group', 'domain', 'standing', 'submits'],
        parties.map((party) => rowOf(party)),
      ),
    );
  },
);

type Party = Readonly<Record<string, unknown>>;

/** The public directory, unsigned. */
export const readParties = async (url: string): Promise<Party[]> =>
  partiesOf(await getJson(`${url}/parties`));

function partiesOf(json: unknown): Party[] {
  const { parties } = json as { parties?: unknown };
  if (Array.isArray(parties)) return parties.map((party: unknown) => ({ ...(party as object) }));
  throw new CliError('registry-answer-invalid', {
    message: 'The directory of the registry cannot be read.',
    next: 'Check that a registry of this version runs there.',
  });
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function rowOf({ registration, membership, ...own }: Party): string[] {
  const party: Party = { ...(registration as Party | null | undefined), ...own };
  const domain = text(party['domain']);
  const submits = domain === '' ? '' : party['checkOnly'] === true ? 'no' : 'yes';
  const { state } = { ...(membership as Party | undefined) };
  return [
    text(party['id']),
    text(party['name']),
    text(party['group']),
    domain,
    text(state),
    submits,
  ];
}
