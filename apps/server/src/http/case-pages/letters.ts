import {
  fromNumericDate,
  letterSchema,
  openArtefact,
  peekArtefact,
  type Letter,
} from '@recourse/protocol';
import { letterByCode, letterCode, readLetterCode, type LetterFacts } from '@recourse/registry';
import type { Texts } from '@recourse/texts';
import { html } from 'hono/html';
import { newJti } from '../../case-secret.ts';
import { day, say, type Markup } from '../markup.ts';
import { requestSource } from '../request-source.ts';
import { causeText } from './causes.ts';
import type { Fields } from './creator-forms.ts';
import type { Creator } from './creator.ts';
import { errorSummary, form, textArea, type Drawing } from './forms.ts';
import { creatorPage } from './languages.ts';
import { qrCode } from './qr-code.ts';

const typ = 'recourse-letter+jwt';

/** The letter as a page to print, with the address by which anybody checks it; or as a file. */
export function letter(creator: Creator, { key = '', as }: Fields): Promise<Response> {
  const show = (): Promise<Response> => showLetter(creator, key, as);
  return as === 'file' ? show() : creator.goTo({ step: 'letter', state: { secret: key } }, show);
}

export async function showLetter(creator: Creator, key: string, as?: string): Promise<Response> {
  const read = await creator.act('case.letter', { jti: newJti(creator.drawing.random), key });
  if (!read.ok) return creator.trouble(read.problem, key);
  const { letter: signed, artefact } = read.result;
  const { payload } = peekArtefact(signed, { typ, schema: letterSchema });
  const { texts } = creator.drawing;
  const code = letterCode(creator.http.services.vault, payload);
  if (as !== 'file') return creator.page(letterPage(creator.drawing, { payload, code, key }));
  const parts = [
    ...letterText(texts, payload, creator.drawing.origin),
    `${texts.say('page.letter.check')}\n${creator.drawing.origin}/letter#${code}`,
    `${texts.say('letter.signed', { typ })}\n${signed}`,
    ...(artefact === undefined ? [] : [`${texts.say('letter.rests')}\n${artefact}`]),
  ];
  return creator.file('recourse-letter.txt', {
    type: 'text/plain',
    text: `${parts.join('\n\n')}\n`,
  });
}

function letterPage(
  drawing: Drawing,
  letter: { payload: Letter; code: string; key: string },
): Markup {
  const { texts, origin } = drawing;
  const link = `${origin}/letter#${letter.code}`;
  return creatorPage(drawing, {
    title: texts.say('page.letter.title'),
    script: false,
    leaves: true,
    body: html`${letterParagraphs(texts, letter.payload, origin)}
      <p>${texts.say('page.letter.check')}</p>
      <p class="key"><a href="${link}">${link}</a></p>
      ${qrCode(link, texts.say('page.letter.qr'))}
      ${form(drawing, {
        action: '/case/letter',
        hidden: { key: letter.key, as: 'file' },
        // In the form, which is not printed.
        fields: html`<p class="soft">${texts.say('page.letter.print')}</p>`,
        submit: texts.say('page.papers.letter.submit'),
        isQuiet: true,
      })}
      ${form(drawing, { action: '/case', hidden: { code: letter.key }, submit: texts.say('trouble.back') })}`,
  });
}

/** The signed letter holds codes; the words around it are of the reader's language. */
function letterText(texts: Texts, payload: LetterFacts, registry: string): string[] {
  const { submitterName: platform, sub: sanction, outcome } = payload;
  const at = fromNumericDate(payload.endedAt);
  const cause = causeText(texts, payload.cause);
  return [
    texts.say('letter.record', { platform, registry, sanction }),
    `${texts.say(`letter.${outcome}`)} ${texts.say('letter.cause', { cause, at })}`,
    texts.say('letter.undone'),
  ];
}

const apart = (text: string): Markup => html`<bdi>${text}</bdi>`;

/** Names and numbers stand apart from the text around them, which may run the other way. */
function letterParagraphs(texts: Texts, payload: LetterFacts, registry: string): Markup {
  const [, ...rest] = letterText(texts, payload, registry);
  return html`<p>
      ${say(texts, 'letter.record', {
        platform: apart(payload.submitterName),
        registry: apart(registry),
        sanction: apart(payload.sub),
      })}
    </p>
    ${rest.map((paragraph) => html`<p>${paragraph}</p>`)}`;
}

/** For whoever is shown a letter: nothing of a case is read, and no secret is asked for. */
export function checkPage(drawing: Drawing, genuine?: Genuine): Markup {
  const { texts } = drawing;
  const action = '/letter';
  return creatorPage(drawing, {
    title: texts.say('page.check.title'),
    switch: 'form',
    body: html`${drawing.refused?.values['letter'] ? forgedNote(drawing) : errorSummary(drawing)}
      ${genuine ? genuineNote(drawing, genuine) : ''}
      <p>${texts.say('page.check.more')}</p>
      ${form(drawing, {
        action,
        fields: textArea(drawing, {
          action,
          name: 'letter',
          label: texts.say('page.check.field'),
          most: 4000,
        }),
        submit: texts.say('page.check.submit'),
        isTyped: true,
      })}`,
  });
}

/** Whoever sees one forged letter must not have to read for it. */
const forgedNote = ({ texts }: Drawing): Markup =>
  html`<div class="note bad field" role="alert" tabindex="-1" autofocus>
    <p><strong>${texts.say('page.check.forged')}</strong></p>
    <p>${texts.say('page.check.wrong')}</p>
  </div>`;

/** A letter by its signature, which says since when, or by its code. */
type Genuine = LetterFacts & { readonly iat?: number };

/** A code stands on any paper: what counts is what is said here. */
const genuineNote = ({ texts, origin }: Drawing, genuine: Genuine): Markup =>
  html`<div class="note good" role="status">
    <p>
      <strong
        >${
          genuine.iat === undefined
            ? texts.say('page.check.genuineCode')
            : say(texts, 'page.check.genuine', { at: day(fromNumericDate(genuine.iat), texts) })
        }</strong
      >
    </p>
    ${letterParagraphs(texts, genuine, origin)}
  </div>`;

/**
 * The first signed text of a link or of a whole letter. It is split, since a pattern that goes back over a long text would
 * hold up everybody.
 */
export const signedTextIn = (typed: string): string =>
  typed.split(/[\s#]+/).find((part) => part.startsWith('ey') && part.split('.', 4).length === 3) ??
  '';

/** Whoever shows a letter chose what is typed here: it counts by the signature of this registry alone. */
export async function checkLetter(creator: Creator, fields: Fields): Promise<Response> {
  const { texts } = creator.drawing;
  const { publicJwk: jwk } = creator.http.services.receiptSigner;
  const typed = (fields['letter'] ?? '').trim();
  const known = await letterOf(creator, typed);
  if (known) return creator.page(checkPage(creator.drawing, known));
  const compact = signedTextIn(typed);
  const opened = await openArtefact(compact, { typ, schema: letterSchema, jwk }).catch(
    () => undefined,
  );
  if (opened?.payload.iss === creator.drawing.origin) {
    return creator.page(checkPage(creator.drawing, opened.payload));
  }
  const errors = { letter: texts.say(typed === '' ? 'page.error.noWords' : 'page.check.wrong') };
  const refused = { action: '/letter', values: { letter: typed }, errors };
  return creator.page(checkPage({ ...creator.drawing, refused }), 422);
}

/** By the code on paper. A wrong one is a guess, and counts like that of a case. */
async function letterOf({ c, http }: Creator, typed: string): Promise<LetterFacts | undefined> {
  const code = signedTextIn(typed) === '' ? readLetterCode(typed) : undefined;
  if (code === undefined) return undefined;
  const find = (): Promise<LetterFacts | undefined> =>
    http.queues.pages.run(() => letterByCode(http.services, code));
  return http.caseRateLimiter.look(requestSource(c, http.config), find);
}
