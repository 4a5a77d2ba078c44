import {
  identifierKinds,
  purposes,
  toDay,
  type IdentifierKind,
  type Purpose,
} from '@recourse/protocol';
import type { CheckAnswer, CheckOptions, Creator } from '@recourse/sdk';
import { command } from '../command.ts';
import { CliError } from '../errors.ts';
import { choice, optional, repeated, text, time, toggle, type Flag } from '../options.ts';
import { readJsonInput } from '../profile/private-file.ts';
import { rowsOf, type Output, type Terminal } from '../terminal.ts';

const named = Object.fromEntries(
  identifierKinds.map((kind) => [
    kind,
    optional(repeated(text('value', `${kind} to ask about; may be repeated`))),
  ]),
) as Readonly<Record<IdentifierKind, Flag<string[] | undefined>>>;

export const checkCommand = command(
  {
    name: 'check',
    about: 'ask about one creator, without telling the registry who that is',
    flags: {
      purpose: choice(purposes, 'why you ask'),
      provenAt: optional(time('when the creator last proved control (signup: within 24 h)')),
      ref: optional(
        text(
          'ref',
          'your own case id, 1 to 64 letters, digits and ._:/#-: a recall finds the person by it',
        ),
      ),
      alwaysAsk: toggle('ask the registry, also about a creator whom the prefix set rules out'),
      identifiers: optional(
        text(
          'file',
          'JSON such as {"email":["…"],"domain":"…"} from a file, or - for stdin: arguments can be seen by others on this machine',
        ),
      ),
      ...named,
    },
  },
  async ({ purpose, provenAt, ref, alwaysAsk, identifiers, ...given }, { terminal, connect }) => {
    const creator = identifiers === undefined ? given : creatorIn(await readJsonInput(identifiers));
    if (Object.keys(creator).length === 0) throw noIdentifier;
    const options = optionsOf({ purpose, provenAt, ref });
    const recourse = await connect(alwaysAsk && { prefixes: 'always-match' });
    await recourse.prefixes.renew();
    const result = await recourse.check(creator, options);
    if (result.advice === 'unavailable') throw result.cause;
    // Receipts as the registry sent them: proof of what was asked and answered.
    const receipts = result.receipts.map(({ header }) => header);
    terminal.result({ ...result, receipts }, () => shown(result, terminal));
  },
);

function optionsOf({ purpose, provenAt, ref }: Asked): CheckOptions {
  if (purpose !== 'signup') return { purpose, provenAt, ref };
  if (provenAt === undefined) throw notProven;
  return { purpose, provenAt, ref };
}

interface Asked {
  readonly purpose: Purpose;
  readonly provenAt: Date | undefined;
  readonly ref: string | undefined;
}

const notProven = new CliError('usage', {
  message: 'A check at signup says when the person proved control.',
  next: 'Add --proven-at with that time: at most 24 hours ago.',
});

const isText = (value: unknown): boolean =>
  [value].flat().every((item) => typeof item === 'string');

const isKind = (name: string): boolean => identifierKinds.some((kind) => kind === name);

function creatorIn(json: unknown): Creator<string> {
  const members = Object.entries(typeof json === 'object' && json !== null ? json : {});
  if (members.length === 0 || !members.every(([name, value]) => isKind(name) && isText(value))) {
    throw noIdentifier;
  }
  return Object.fromEntries(members);
}

function shown(result: CheckAnswer, terminal: Terminal): Output {
  const { advice, from, matches, validUntil, check } = result;
  const source = from === 'registry' ? 'asked' : 'by the prefix set';
  return [
    `${terminal.styled('bold', advice)}  (${check}, ${source}, valid until ${validUntil.toISOString()})`,
    matches.length > 0 && [
      rowsOf(matches, {
        reason: ({ reason }) => reason ?? '(withheld)',
        submitter: ({ submitter }) => submitter?.name,
        identifier: 'identifierPath',
        since: ({ since }) => toDay(since),
        until: ({ expiresAt }) => toDay(expiresAt),
        disputed: ({ disputed }) => (disputed ? 'yes' : 'no'),
        others: 'corroboration',
        match: 'match',
      }),
      matches.some(({ corroboration }) => corroboration !== 'none') &&
        'That others recorded the same does not say that they found it out independently.',
      advice === 'verify-identity' &&
        'Have the person prove a second identifier and check again, or ask the submitter. You cannot report "refused" on this answer.',
      'No advice refuses: review it yourself, never on this alone, and report the outcome within 30 days.',
    ],
  ];
}

const noIdentifier = new CliError('usage', {
  message: 'There is no identifier to ask about.',
  next: 'Give --email, --phone, --domain, --account, --wallet or --iban, or a JSON object with --identifiers.',
});
