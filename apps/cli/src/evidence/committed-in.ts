import { b64u32, peekArtefact, sanctionStatementSchema } from '@recourse/protocol';
import { CliError } from '../errors.ts';
import { readText } from '../profile/private-file.ts';

/**
 * What a pack is compared with: the evidence of a statement, or a list; nothing when neither is named.
 * @throws CliError `input-invalid`, `file-unreadable`
 */
export function committedIn(files: {
  statement: string | undefined;
  commitments: string | undefined;
}): readonly string[] | undefined {
  const { statement, commitments } = files;
  if (statement !== undefined) return read(statement, inStatement);
  return commitments === undefined ? undefined : read(commitments, inList);
}

function read(path: string, parse: (text: string) => string[]): string[] {
  const text = readText(path);
  try {
    return parse(text.trim());
  } catch {
    throw new CliError('input-invalid', {
      message: `${path} holds no commitments.`,
      next: 'Give a statement as sanctions.get shows it, or a JSON array of commitments.',
    });
  }
}

/** Whose statement it is, is for whoever has the directory: here its evidence is compared, nothing else. */
const inStatement = (text: string): string[] => {
  const of = { typ: 'recourse-sanction+jwt', schema: sanctionStatementSchema } as const;
  return peekArtefact(text, of).payload.evidence.map(({ commitment }) => commitment);
};

function inList(text: string): string[] {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) throw new TypeError('no list');
  return list.map((entry: unknown) =>
    b64u32.parse(
      typeof entry === 'object' && entry !== null && 'commitment' in entry
        ? entry.commitment
        : entry,
    ),
  );
}
