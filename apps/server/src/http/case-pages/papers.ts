import { isId, maxCaseFileBytes, type CaseInput } from '@recourse/protocol';
import type { Texts } from '@recourse/texts';
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
      errors: { file: errorOf(creator.drawing.texts, file) },
      refused: { file: creator.drawing.texts.say('page.error.fileContent') },
      said: 'page.said.fileAdded',
    }),
  );

function errorOf(texts: Texts, file: SentFile | undefined): string {
  if (!file) return texts.say('page.error.noFile');
  if (file.bytes.length > maxCaseFileBytes) return texts.say('page.error.fileTooLarge');
  return mediaTypes.includes(file.mediaType) ? '' : texts.say('page.error.fileType');
}

type FileInput = Omit<CaseInput<'case.addFile'>, 'jti' | 'key'>;

const inputOf = (file: SentFile | undefined): FileInput => ({
  name: file?.name ?? '',
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one of them, or an error is shown instead
  mediaType: file?.mediaType as FileInput['mediaType'],
  bytes: file?.bytes.toString('base64url') ?? '',
});

/** Gives the record of the case with its proof, to keep. */
export async function receipt(creator: Creator, fields: Fields): Promise<Response> {
  const { key = '' } = fields;
  const read = await creator.act('case.receipt', { jti: newJti(creator.drawing.random), key });
  if (!read.ok) return creator.trouble(read.problem, key);
  const text = `${JSON.stringify(read.result, null, 2)}\n`;
  return creator.file('recourse-receipt.json', { type: 'application/json', text });
}

/** Gives a key back as a file. What comes in is a key, or nothing goes out. */
export async function keyFile(creator: Creator, fields: Fields): Promise<Response> {
  const key = readCaseSecret(fields['key'] ?? '');
  if (key === undefined) return creator.restart();
  const { texts } = creator.drawing;
  const { origin } = creator.http.config;
  const isTicket = fields['of'] === 'ticket';
  const heading = isTicket
    ? texts.say('page.key.ticketFile', { address: `${origin}/case/ticket` })
    : texts.say('page.key.file', { address: `${origin}/case` });
  const text = `${heading}\n${texts.say('page.key.secret')}\n\n${key}\n`;
  const name = isTicket ? 'recourse-ticket.txt' : 'recourse-key.txt';
  return creator.file(name, { type: 'text/plain', text });
}

export const isQuestion = (id: string): boolean => isId('qst', id);
