import { identifierKinds, purposes, type IdentifierKind, type Purpose } from '@recourse/protocol';
import type { CheckAnswer, Creator, VerifiedMatch } from '@recourse/sdk';
import { Command, Option } from 'commander';
import { contextOf } from '../context.ts';
import type { Environment } from '../environment.ts';
import { CliError } from '../errors.ts';
import { collect, parseDate } from '../options.ts';
import { readJsonInput } from '../read-json-input.ts';
import { printable, type Terminal } from '../terminal.ts';

type CheckFlags = Partial<Record<IdentifierKind, string[]>> & {
  readonly purpose: Purpose;
  readonly provenAt?: Date;
  readonly identifiers?: string;
  readonly ref?: string;
  readonly alwaysAsk?: true;
};

export function checkCommand(environment: Environment): Command {
  const command = new Command('check')
    .description('ask about one creator, without telling the registry who that is')
    .addOption(
      new Option('--purpose <purpose>', 'why you ask').choices([...purposes]).makeOptionMandatory(),
    )
    .option(
      '--proven-at <time>',
      'when the creator last proved control (signup: within 24 h)',
      parseDate,
    )
    .option(
      '--ref <ref>',
      'your own case id, 16 to 64 characters of base64url: a recall finds the person by it',
    )
    .option('--always-ask', 'ask the registry, also about a creator whom the prefix set rules out')
    .option(
      '--identifiers <file>',
      'JSON such as {"email":["…"],"domain":"…"} from a file, or - for stdin: arguments can be seen by others on this machine',
    );
  for (const kind of identifierKinds) {
    command.option(`--${kind} <value>`, `${kind} to ask about; may be repeated`, collect);
  }
  return command.action(async (flags: CheckFlags, self: Command) => {
    const { terminal, connect } = contextOf(self, environment);
    const creator = await creatorOf(flags);
    const { purpose, provenAt, ref, alwaysAsk } = flags;
    const recourse = await connect(alwaysAsk && { prefixes: 'always-match' });
    await recourse.prefixes.renew();
    const result = await recourse.check(creator, { purpose, provenAt, ref });
    if (result.advice === 'unavailable') throw result.cause;
    terminal.result(documentOf(result), () => print(result, terminal));
  });
}

async function creatorOf(flags: CheckFlags): Promise<Creator<string>> {
  if (flags.identifiers !== undefined) return creatorIn(await readJsonInput(flags.identifiers));
  const given = identifierKinds.filter((kind) => flags[kind] !== undefined);
  if (given.length === 0) throw noIdentifier;
  return Object.fromEntries(given.map((kind) => [kind, flags[kind]]));
}

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

/** Receipts as the registry sent them: proof of what was asked and answered. */
const documentOf = ({ receipts, ...rest }: CheckAnswer): object => ({
  ...rest,
  receipts: receipts.map(({ header }) => header),
});

function print(result: CheckAnswer, terminal: Terminal): void {
  const { advice, from, matches, validUntil, check } = result;
  const source = from === 'registry' ? 'asked' : 'by the prefix set';
  terminal.line(
    `${terminal.styled('bold', advice)}  (${check}, ${source}, valid until ${validUntil.toISOString()})`,
  );
  if (matches.length === 0) return;
  terminal.table(
    ['reason', 'submitter', 'identifier', 'since', 'until', 'disputed', 'others', 'match'],
    matches.map(rowOf),
  );
  terminal.line(
    'No advice refuses: review it yourself, never on this alone, and report the outcome within 30 days.',
  );
}

const rowOf = (match: VerifiedMatch): string[] => [
  match.reason ?? '(withheld)',
  printable(match.submitter?.name),
  match.identifierPath,
  day(match.since),
  day(match.expiresAt),
  match.disputed ? 'yes' : 'no',
  match.corroboration,
  match.match,
];

const day = (date: Date): string => date.toISOString().slice(0, 10);

const noIdentifier = new CliError('usage', {
  message: 'There is no identifier to ask about.',
  next: 'Give --email, --phone, --domain, --account, --wallet or --iban, or a JSON object with --identifiers.',
});
