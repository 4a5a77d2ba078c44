import { caseSecret } from '@recourse/protocol';
import { CliError } from '../errors.ts';
import { readPrivateFile } from '../profile/private-file.ts';
import type { Answers } from './answers.ts';

/** Where a secret comes from: a file of its owner's, or whoever types it. */
export interface SecretSource {
  readonly what: 'Case code' | 'Case key' | 'Ticket secret' | 'Invitation' | 'Stop code';
  readonly file: string | undefined;
  /** As the help names the option */
  readonly option: string;
}

/**
 * Reads a case secret, alone or as the link of a notice.
 * @throws CliError `input-invalid`, `file-unreadable`, `file-exposed`; none quotes it
 */
export async function readCaseSecret(answers: Answers, source: SecretSource): Promise<string> {
  const { what, file, option } = source;
  const otherwise = `Name a file of your own that holds it: ${option} FILE.`;
  const text =
    file === undefined
      ? await answers.ask({ what, hidden: true, otherwise })
      : readPrivateFile(file);
  const secret = text.trim().split('\n')[0]?.split('#').at(-1)?.trim().toLowerCase();
  const parsed = caseSecret.safeParse(secret);
  if (parsed.success) return parsed.data;
  throw new CliError('input-invalid', {
    message: `${what} has another form: eight groups of four letters and digits.`,
    next: 'Copy the whole of it, or the whole link of the notice, and try again.',
  });
}
