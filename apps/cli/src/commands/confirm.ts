import { reasons, type SanctionStatement } from '@recourse/protocol';
import type { OwnRecord } from '@recourse/sdk';
import { command } from '../command.ts';
import { CliError } from '../errors.ts';
import { id, repeated, toggle } from '../options.ts';
import { facts, quoted, rowsOf, type Output } from '../terminal.ts';

/** A second person reads the whole of a draft, and confirms it or does not. */
export const confirmCommand = command(
  {
    name: 'confirm',
    about: 'read drafts of another trust holder of your party, and confirm them',
    args: { sanctions: repeated(id('snc', 'at most 64')) },
    flags: {
      yes: toggle('confirm without being asked; with --json nothing is confirmed otherwise'),
    },
    help: 'Example: recourse sanctions confirm snc_…',
  },
  async ({ sanctions: ids, yes }, { terminal, answers, connect }) => {
    const { sanctions } = await connect();
    const drafts: OwnRecord[] = [];
    for (const sanction of ids) drafts.push(await sanctions.own(sanction, { as: 'trust' }));
    const other = drafts.find(({ record }) => record.draft === undefined);
    if (other) throw noDraft(other);
    if (!terminal.json) terminal.show(drafts.map(draftShown));
    const isWanted =
      yes === true || (!terminal.json && (await answers.ask(asked(drafts.length))) === 'yes');
    const confirmed = isWanted ? (await sanctions.confirm({ sanctions: ids })).confirmed : [];
    if (!isWanted) terminal.note('Nothing was confirmed. To confirm without being asked: --yes');
    terminal.result({ drafts, confirmed }, () =>
      confirmed.length === 0
        ? false
        : rowsOf(confirmed, 'sanction', 'state', { 'notice due': 'noticeDueAt' }),
    );
  },
);

const asked = (count: number) => ({
  what: `Confirm ${count === 1 ? 'this record' : `these ${count} records`}? Type yes`,
  hidden: false,
  otherwise: 'Type yes, or confirm without being asked: --yes.',
});

const noDraft = ({ record }: OwnRecord): CliError =>
  new CliError('usage', {
    message: `${record.sanction} is no draft: it is ${record.state}.`,
    next: 'List those that wait: recourse sanctions list --state draft.',
  });

const day = (seconds: number): string => new Date(seconds * 1000).toISOString();
const said = (word: string | object): string =>
  typeof word === 'string' ? word : Object.entries(word).flat().join(': ');

/** What a statement says: the record as everybody who is told of it reads it. */
export const statementShown = (statement: SanctionStatement): Readonly<Record<string, string>> => {
  const { act, isNot, texts } = reasons[statement.reason];
  return {
    reason: `${statement.reason}: ${texts.en.title}`,
    'the act': act,
    'what it is not': isNot,
    action: statement.action,
    incident: `${day(statement.incident_from)} to ${day(statement.incident_to)}`,
    decided: `${day(statement.decided_at)}, by ${statement.decided_by}`,
    expires: day(statement.exp),
    'came from': said(statement.origin),
    attests: statement.attest.join(', '),
    age: statement.age,
    ...(statement.gravity && { gravity: statement.gravity }),
    notice: said(statement.notice),
  };
};

function draftShown({ record, statement, policy }: OwnRecord): Output {
  const { draft, subjects } = record;
  return [
    facts({
      draft: record.sanction,
      ...statementShown(statement),
      policy: policy ?? `${statement.policy}, which is not published any more`,
      ...(draft?.evades && { evades: draft.evades }),
      ...(record.ref !== undefined && { 'your reference': record.ref }),
      'drafted by': draft?.draftedBy,
      'confirm by': record.lapsesAt,
    }),
    rowsOf(subjects, { identifier: 'index' }, 'kind', { 'matches until': 'matchesUntil' }),
    rowsOf(statement.evidence, { evidence: 'class' }, 'commitment', { count: 'count' }),
    quoted('The account of facts, for creator and reviewer', draft?.account.text),
    '',
  ];
}
