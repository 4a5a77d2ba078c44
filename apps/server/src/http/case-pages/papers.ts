import { isId, maxCaseFileBytes, type CaseInput } from '@recourse/protocol';
import type { Texts } from '@recourse/texts';
import { newJti, readCaseSecret } from '../../case-secret.ts';
import type { HttpContext, HttpServices } from '../context.ts';
import { actOn, errorOfWords, wordsOf } from './acts.ts';
import { readFileForm, type Fields, type SentFile } from './creator-forms.ts';
import type { Creator } from './creator.ts';
import type { RefusedForm } from './forms.ts';
import { goToCase } from './show-case.ts';

const mediaTypes = ['application/pdf', 'image/png', 'image/jpeg', 'image/webp', 'text/plain'];

/** Words, a file for the reviewer, or both. A file that is refused leaves the case as it was, and the words in the form. */
export const addFile = (creator: Creator, http: HttpServices, c: HttpContext): Promise<Response> =>
  readFileForm(http, c, async (fields, file) => {
    const { texts } = creator.drawing;
    const { key = '', jti = '', jtiOfText = '' } = fields;
    const text = wordsOf(fields['text']);
    const errors = { text: errorOfText(texts, text, file), file: errorOf(texts, file) };
    const words = (id: string): Promise<Response> =>
      actOn(creator, fields, {
        op: 'case.addInformation',
        input: () => ({ jti: id, key, text }),
        errors: { text: errors.text },
        said: 'page.said.added',
      });
    if (file === undefined) return words(jti);
    const added = (): Promise<Response> => goToCase(creator, key, { said: 'page.said.fileAdded' });
    return actOn(creator, fields, {
      op: 'case.addFile',
      input: (by) => ({ ...by, ...inputOf(file) }),
      errors,
      refused: { file: again(texts, texts.say('page.error.fileContent')) },
      said: 'page.said.fileAdded',
      next: () => (text === '' ? added() : words(jtiOfText)),
    });
  });

/** Words may be left out beside a file. */
const errorOfText = (
  texts: Texts,
  text: string,
  file: SentFile | 'too-large' | undefined,
): string => (file !== undefined && text === '' ? '' : errorOfWords(texts, text));

function errorOf(texts: Texts, file: SentFile | 'too-large' | undefined): string {
  if (file === undefined) return '';
  if (file === 'too-large' || file.bytes.length > maxCaseFileBytes)
    return again(texts, texts.say('page.error.fileTooLarge'));
  return mediaTypes.includes(file.mediaType) ? '' : again(texts, texts.say('page.error.fileType'));
}

/** No page can put a chosen file back into its field. */
const again = (texts: Texts, error: string): string => texts.say('page.error.fileAgain', { error });

/** A page that is drawn in another language asks for the file again. */
export const chooseAgain = ({ drawing: { texts } }: Creator, values: Fields = {}): RefusedForm => ({
  action: '/case/file',
  values,
  errors: { file: again(texts, texts.say('page.error.fileLanguage')) },
});

type FileInput = Omit<CaseInput<'case.addFile'>, 'jti' | 'key'>;

const inputOf = (file: SentFile | 'too-large'): FileInput => {
  const { name, mediaType, bytes } =
    file === 'too-large' ? { name: '', mediaType: '', bytes: Buffer.alloc(0) } : file;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one of them, or an error is shown instead
  return {
    name,
    mediaType: mediaType as FileInput['mediaType'],
    bytes: bytes.toString('base64url'),
  };
};

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
