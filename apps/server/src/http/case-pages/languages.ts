import { languageFacts, languages } from '@recourse/texts';
import { html } from 'hono/html';
import { linkTo, say, type Markup } from '../markup.ts';
import { page } from '../page.ts';
import type { Drawing } from './forms.ts';
import type { CasePart } from './shown-case.ts';

/** How the page can be had in another language: by a link, or by posting again what opened it. */
export type Switch =
  | { readonly path: string }
  | { readonly secret: string; readonly part?: CasePart };

interface CreatorPage {
  readonly title: string;
  /** The larger part that the page belongs to, above its title */
  readonly caption?: string;
  /** Links to the pages beside it */
  readonly menu?: Markup;
  /** What the page says before anything else */
  readonly first?: Markup | undefined;
  readonly body: Markup;
  readonly switch?: Switch;
  readonly script?: boolean;
  /** Beside the one of every page */
  readonly scripts?: readonly string[];
}

/** A page of the creator's: languages on top, its title, a warning where nobody reviewed the translation, help below. */
export function creatorPage(drawing: Drawing, content: CreatorPage): Markup {
  const { texts } = drawing;
  return page(
    `${content.title} – Recourse`,
    html`${content.caption ? html`<p class="caption">${content.caption}</p>` : ''}
      <h1>${content.title}</h1>
      ${content.menu ?? ''} ${content.first ?? ''}
      ${texts.facts.reviewed ? '' : warning(drawing, content.switch)} ${content.body}`,
    {
      texts,
      to: drawing.to,
      scripts: (content.script ?? true) ? ['/case.js', ...(content.scripts ?? [])] : [],
      top: content.switch ? languageMenu(drawing, content.switch) : html``,
    },
  );
}

/** Where only a form leads back to this page, its English button is in the menu of languages. */
function warning({ texts }: Drawing, to: Switch | undefined): Markup {
  const english = to && 'path' in to ? `${to.path}?lang=en` : '#languages';
  const a = to ? linkTo(english) : (inside: (string | Markup)[]) => html`${inside}`;
  return html`<p class="soft">${say(texts, 'page.unreviewed', { a })}</p>`;
}

function languageMenu({ texts }: Drawing, to: Switch): Markup {
  const others = languages.filter((code) => code !== texts.language);
  return html`<details class="tongues" id="languages">
    <summary>${texts.say('page.top.language', { name: texts.facts.name })}</summary>
    <nav aria-label="${texts.say('page.languages')}">
      ${'path' in to ? links(others, to.path) : buttons(others, to)}
    </nav>
  </details>`;
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
const buttons = (others: Codes, { secret, part }: Extract<Switch, { secret: string }>): Markup =>
  html`<form method="post" action="/case" autocomplete="off">
    <input type="hidden" name="code" value="${secret}" />
    ${part ? html`<input type="hidden" name="part" value="${part}" />` : ''}
    ${others.map(
      (code) =>
        html`<button class="quiet" formaction="/case?lang=${code}" lang="${code}" dir="auto">
          ${languageFacts[code].name}
        </button> `,
    )}
  </form>`;
