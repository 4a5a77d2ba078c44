import { b64u32, type OpOutput } from '@recourse/protocol';
import { isRecourseError } from '@recourse/sdk';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { fitting, optional, text, value } from '../options.ts';
import { waitingCode, writeInvite, type Invited, type WaitingCode } from './invite-code.ts';

/** The operator who begins has the code, in a file; the other one has its hash. */
export const byTwoFlags = {
  out: optional(
    text('file', 'a new file for the invite, readable by you only; run the command again to go on'),
  ),
  invite: optional(
    value(
      'hash',
      'instead of --out, for the other operator: as the first one tells it',
      fitting(b64u32, 'the 43 characters that the command of the first operator printed'),
    ),
  ),
};

export interface ByTwo {
  readonly out?: string;
  readonly invite?: string;
}

export const outOrInvite = ({ out, invite }: ByTwo): CliError | false =>
  (out === undefined) === (invite === undefined) &&
  new CliError('usage', {
    message: 'One operator makes the invite, the other one agrees to it.',
    next: 'Say --out FILE to make it, or --invite HASH to agree to that of another operator, and not both.',
  });

type Proposal = OpOutput<'platforms.register'>;
type Proposed = Extract<Proposal, { state: 'proposed' }>;

/**
 * How far an invite is: `proposed`, and another operator has to agree; `agreed`, and the operator with the code goes on;
 * `invited`, and it is in a file.
 */
export type InviteProgress = { readonly invite: string } & (
  | Pick<Proposed, 'state' | 'proposal' | 'executeBefore'>
  | { readonly state: 'agreed' }
  | ({ readonly state: 'invited'; readonly file: string } & Invited)
);

/**
 * One step of an invite that takes two operators. States: code in a file, proposed, agreed, invite in a file. Each run
 * goes on from where the one before ended; a crash leaves the code.
 */
export async function inviteByTwo(
  context: Context,
  { out, invite: given = '' }: ByTwo,
  steps: { send: (invite: string) => Promise<Proposal>; invited: () => Promise<Invited> },
): Promise<InviteProgress> {
  if (out === undefined) {
    const agreed = await steps.send(given);
    return agreed.state === 'proposed'
      ? { ...agreed, invite: given }
      : { state: 'agreed', invite: given };
  }
  const waiting = waitingCode(out);
  const { code, hash: invite } = waiting;
  const answer = await unlessAgreed(waiting, steps.send(invite));
  if (answer?.state === 'proposed') return { ...answer, invite };
  const invited = await steps.invited();
  const file = await writeInvite(context, { out, code, ...invited });
  waiting.forget();
  return { state: 'invited', invite, file, ...invited };
}

/** The registry knows the invite of a code that waits: the other operator agreed. */
async function unlessAgreed(
  { isNew }: WaitingCode,
  proposal: Promise<Proposal>,
): Promise<Proposal | undefined> {
  try {
    return await proposal;
  } catch (error) {
    const isKnown =
      isRecourseError(error, 'state-conflict') &&
      (error.hasIssue('used') || error.hasIssue('registered'));
    if (isKnown && !isNew) return undefined;
    throw error;
  }
}

/** A command line that a shell reads as it was meant. */
export const commandLine = (
  command: string,
  flags: Readonly<Record<string, string | number | readonly string[] | true | undefined>>,
): string =>
  Object.entries(flags).reduce((line, [name, given]) => {
    const values = [given].flat().filter((one) => one !== undefined);
    return values.reduce<string>(
      (all, one) => `${all} --${name}${one === true ? '' : ` ${quoted(String(one))}`}`,
      line,
    );
  }, `recourse ${command}`);

const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
