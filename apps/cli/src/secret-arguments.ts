import { CliError } from './errors.ts';

/**
 * Secrets that open a case: the code of a notice, a claim key, the secret of a ticket; alone, in a link, or behind
 * `--x=`.
 */
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
    next: 'Leave it out: no command takes one. If it was a key, replace it on the page of the case.',
  });
}
