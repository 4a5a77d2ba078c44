import { languageFacts, languages } from '@recourse/texts';
import { html } from 'hono/html';
import { linkTo, say, type Markup } from '../markup.ts';
import { page } from '../page.ts';
import type { Drawing } from './forms.ts';

/** How the page can be had in another language: by a link, or by posting again what opened it. */
export type Switch = { readonly path: string } | { readonly secret: string };

/** A page of the creator's: its title, a warning where nobody reviewed the translation, the other languages. */
export function creatorPage(
  drawing: Drawing,
  of: { title: string; body: Markup; switch?: Switch; script?: boolean },
): Markup {
  const { texts } = drawing;
  return page(
    `${of.title} – Recourse`,
    html`<h1>${of.title}</h1>
      ${texts.facts.reviewed ? '' : warning(drawing, of.switch)} ${of.body}
      ${of.switch ? switchTo(drawing, of.switch) : ''}`,
    { texts, script: of.script ?? true },
  );
}

/** Where only a form leads back to this page, its English button is among the languages below. */
function warning({ texts }: Drawing, to: Switch | undefined): Markup {
  const english = to && 'path' in to ? `${to.path}?lang=en` : '#languages';
  const a = to ? linkTo(english) : (inside: (string | Markup)[]) => html`${inside}`;
  return html`<p class="soft">${say(texts, 'page.unreviewed', { a })}</p>`;
}

function switchTo({ texts }: Drawing, to: Switch): Markup {
  const others = languages.filter((code) => code !== texts.language);
  return html`<nav class="tongues" id="languages" aria-label="${texts.say('page.languages')}">
    ${'path' in to ? links(others, to.path) : buttons(others, to.secret)}
  </nav>`;
}

type Codes = readonly (typeof languages)[number][];

const links = (others: Codes, path: string): Markup =>
  html`${others.map(
    (code) =>
      html`<a href="${path}?lang=${code}" lang="${code}" hreflang="${code}" dir="auto"
        >${languageFacts[code].name}</a
      > `,
  )}`;

/** The secret goes in the body, as with every form; the language alone is in the address. */
const buttons = (others: Codes, secret: string): Markup =>
  html`<form method="post" action="/case" autocomplete="off">
    <input type="hidden" name="code" value="${secret}" />
    ${others.map(
      (code) =>
        html`<button class="quiet" formaction="/case?lang=${code}" lang="${code}" dir="auto">
          ${languageFacts[code].name}
        </button> `,
    )}
  </form>`;
