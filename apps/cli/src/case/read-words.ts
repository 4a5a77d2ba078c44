import { readText } from '../profile/private-file.ts';
import type { Answers } from './answers.ts';

/** Words to a person: from a file, typed when asked, or what is left on stdin. Arguments could be read by others. */
export async function readWords(
  answers: Answers,
  { what, file, option }: { what: string; file: string | undefined; option: string },
): Promise<string> {
  if (file !== undefined && file !== '-') return readText(file).trim();
  return answers.rest({
    what,
    hidden: false,
    otherwise: `Name a file with the words: ${option} FILE.`,
  });
}
