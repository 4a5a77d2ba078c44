import { caseSecret } from '@recourse/protocol';
import type { Answers, Question } from './answers.ts';
import { CliError } from './errors.ts';
import type { Prompt, Flag } from './options.ts';
import { readPrivateFile, readText } from './profile/private-file.ts';

const inFile = <T>(says: string, read: (file: string | undefined, by: Prompt) => Promise<T>) =>
  ({ says, takes: 'file', parse: String, suffix: '-file', read }) satisfies Flag<T>;

/** Words to a person: from a file, typed when asked, or what is left on stdin. Arguments could be read by others. */
export const words = (what: string, says: string): Flag<string> =>
  inFile(says, async (file, { answers, option }) => {
    if (file !== undefined && file !== '-') return readText(file).trim();
    const otherwise = `Name a file with the words: ${option} FILE.`;
    return answers.rest({ what, hidden: false, otherwise });
  });

/** Asked for, not given as an argument: others on this machine could read it. */
export const asked = (what: string, says: string): Flag<string> =>
  inFile(says, (file, { answers, option }) =>
    typed(answers, file, { what, otherwise: `Name a file that holds it: ${option} FILE.` }),
  );

export const typed = async (
  answers: Answers,
  file: string | undefined,
  question: Omit<Question, 'hidden'> & { hidden?: true },
): Promise<string> =>
  file === undefined ? answers.ask({ hidden: false, ...question }) : readText(file).trim();

/** A secret of a case: a file of its owner's, or whoever types it. */
export const secret = (what: string, says: string): Flag<string> =>
  inFile(says, (file, { answers, option }) => readCaseSecret(answers, { what, file, option }));

/**
 * Reads a case secret, alone or as the link of a notice.
 * @throws CliError `input-invalid`, `file-unreadable`, `file-exposed`; none quotes it
 */
export async function readCaseSecret(
  answers: Answers,
  { what, file, option }: { what: string; file: string | undefined; option: string },
): Promise<string> {
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

/** What opens a case: the code of a notice, a claim key, the secret of a ticket; alone, in a link, or behind `--x=`. */
const secretForm = /(?<![0-9a-z])[0-9a-hjkmnp-tv-z]{4}(?:-[0-9a-hjkmnp-tv-z]{4}){7}(?![0-9a-z])/i;

/**
 * Refuses a command line that holds a secret of a case: whoever lists the processes of this machine, or reads the
 * shell's history, could open the case. No file of that name is looked for either.
 * @throws CliError `secret-argument`
 */
export function refuseSecretArguments(args: readonly string[]): void {
  if (!args.some((argument) => secretForm.test(argument))) return;
  throw new CliError('secret-argument', {
    message: 'A case code or key stands on the command line, where others can read it.',
    next: 'Leave it out and paste it when asked, or put it into a file of your own (chmod 600): --code-file or --key-file FILE. If it was a key, replace it: recourse appeal rotate.',
  });
}
