import { isId, maxCaseFileBytes, type CaseInput } from '@recourse/protocol';
import { newJti, readCaseSecret } from '../../case-secret.ts';
import type { HttpContext, HttpServices } from '../context.ts';
import { actOn } from './acts.ts';
import { readFileForm, type Fields, type SentFile } from './creator-forms.ts';
import type { Creator } from './creator.ts';

const mediaTypes = ['application/pdf', 'image/png', 'image/jpeg', 'image/webp', 'text/plain'];

/** A file of the creator's for the reviewer. */
export const addFile = (creator: Creator, http: HttpServices, c: HttpContext): Promise<Response> =>
  readFileForm(http, c, (fields, file) =>
    actOn(creator, fields, {
      op: 'case.addFile',
      input: (by) => ({ ...by, ...inputOf(file) }),
      errors: { file: errorOf(file) },
      refused: { file: 'That file is not what its name says, or it is text other than UTF-8.' },
      said: 'The file was added.',
    }),
  );

function errorOf(file: SentFile | undefined): string {
  if (!file) return 'Choose a file first.';
  if (file.bytes.length > maxCaseFileBytes) return 'That file is larger than 2 MiB.';
  return mediaTypes.includes(file.mediaType)
    ? ''
    : 'That is no PDF, PNG, JPEG, WebP or plain text file.';
}

type FileInput = Omit<CaseInput<'case.addFile'>, 'jti' | 'key'>;

const inputOf = (file: SentFile | undefined): FileInput => ({
  name: file?.name ?? '',
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one of them, or an error is shown instead
  mediaType: file?.mediaType as FileInput['mediaType'],
  bytes: file?.bytes.toString('base64url') ?? '',
});

/** What is on file, with its proof, to keep. */
export async function receipt(creator: Creator, fields: Fields): Promise<Response> {
  const { key = '' } = fields;
  const read = await creator.act('case.receipt', { jti: newJti(creator.drawing.random), key });
  if (!read.ok) return creator.trouble(read.problem, key);
  const text = `${JSON.stringify(read.result, null, 2)}\n`;
  return creator.file('recourse-receipt.json', { type: 'application/json', text });
}

/** The letter, in words and signed. */
export async function letter(creator: Creator, fields: Fields): Promise<Response> {
  const { key = '' } = fields;
  const read = await creator.act('case.letter', { jti: newJti(creator.drawing.random), key });
  if (!read.ok) return creator.trouble(read.problem, key);
  const { text, letter: signed, artefact } = read.result;
  const parts = [
    text,
    `Signed by the registry (recourse-letter+jwt):\n${signed}`,
    ...(artefact === undefined ? [] : [`What it rests on:\n${artefact}`]),
  ];
  return creator.file('recourse-letter.txt', {
    type: 'text/plain',
    text: `${parts.join('\n\n')}\n`,
  });
}

/** Gives a key back as a file. What comes in is a key, or nothing goes out. */
export async function keyFile(creator: Creator, fields: Fields): Promise<Response> {
  const key = readCaseSecret(fields['key'] ?? '');
  if (key === undefined) return creator.c.redirect('/case', 303);
  const { origin } = creator.http.config;
  const isTicket = fields['of'] === 'ticket';
  const what = isTicket
    ? `Secret of a ticket, for ${origin}/case/ticket once the platform has vouched for you`
    : `Key of a case at ${origin}/case`;
  const text = `${what}\nKeep it to yourself: whoever has it acts for you.\n\n${key}\n`;
  const name = isTicket ? 'recourse-ticket.txt' : 'recourse-key.txt';
  return creator.file(name, { type: 'text/plain', text });
}

export const isQuestion = (id: string): boolean => isId('qst', id);
