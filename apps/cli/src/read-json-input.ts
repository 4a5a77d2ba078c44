import { text } from 'node:stream/consumers';
import { CliError } from './errors.ts';
import { readText } from './profile/private-file.ts';

/** JSON of a file, or of stdin for `-`. @throws CliError `input-invalid`, `file-unreadable` */
export async function readJsonInput(path: string): Promise<unknown> {
  return parseJson(path === '-' ? await text(process.stdin) : readText(path));
}

export function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    // No cause: the parser's message quotes the input.
    throw new CliError('input-invalid', {
      message: 'The input is not JSON.',
      next: 'Check quotes and commas; in a shell, put the JSON in single quotes or into a file.',
    });
  }
}
