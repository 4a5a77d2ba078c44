import { languageFacts, languages, type Language, type Texts } from '@recourse/texts';
import { html } from 'hono/html';
import { say, type Markup } from '../markup.ts';
import { page } from '../page.ts';
import type { Drawing } from './forms.ts';
import type { CasePart } from './shown-case.ts';

/**
 * How the page can be had in another language: by posting the form that something is typed into, or again what opened
 * the page where there is none.
 */
type Switch = 'form' | { readonly secret: string; readonly part?: CasePart };

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
  /** Shows something of a case, which its reader can leave */
  readonly leaves?: boolean;
  readonly script?: boolean;
  /** Beside the one of every page */
  readonly scripts?: readonly string[];
}

/** A page of the creator's: languages on top, its title, a warning where nobody reviewed the translation, help below. */
export function creatorPage(drawing: Drawing, content: CreatorPage): Markup {
  const { texts, to } = drawing;
  const { caption, menu = '', first = '', script = true, scripts = [] } = content;
  const { button, top } = tonguesOf(drawing, content);
  return page(
    `${content.title} – Recourse`,
    html`${caption ? html`<p class="caption">${caption}</p>` : ''}
      <h1>${content.title}</h1>
      ${menu} ${first} ${texts.facts.reviewed ? '' : warning(texts, button)} ${content.body}`,
    {
      texts,
      to,
      scripts: script ? ['/case.js', ...scripts] : [],
      top: html`${top} ${content.leaves ? leaveButton(drawing) : ''}`,
    },
  );
}

/** For whoever shares this browser. The form is hidden beside its button, which stands in a line of others. */
const leaveButton = ({ texts, to }: Drawing): Markup =>
  html`<form id="leave" method="post" action="${to('/case/leave')}" hidden></form>
    <button class="tongue" form="leave">${texts.say('page.leave')}</button>`;

/** The menu of languages, and what its buttons are. */
function tonguesOf(
  drawing: Drawing,
  { body, switch: to }: Pick<CreatorPage, 'body' | 'switch'>,
): { readonly button?: Button; readonly top: Markup } {
  if (!to) return { top: html`` };
  const typed = typedFormIn(body);
  const button: Button = typed
    ? (code, text) => typedButton(drawing, { ...typed, code, text })
    : openButton;
  const before = typed ? firstButton(typed.id) : openForm(to);
  return { button, top: html`${before} ${languageMenu(drawing.texts, button)}` };
}

type Content = Markup | string | readonly (Markup | string)[];
type Button = (code: Language, text: Content) => Markup;

const warning = (texts: Texts, button: Button | undefined): Markup =>
  html`<p class="soft">
    ${say(texts, 'page.unreviewed', {
      a: (inside) => (button ? button('en', inside) : html`${inside}`),
    })}
  </p>`;

const languageMenu = (texts: Texts, button: Button): Markup =>
  html`<details class="tongues" id="languages">
    <summary>${texts.say('page.top.language', { name: texts.facts.name })}</summary>
    <nav aria-label="${texts.say('page.languages')}">
      ${languages
        .filter((code) => code !== texts.language)
        .map((code) => html`${button(code, languageFacts[code].name)} `)}
    </nav>
  </details>`;

/** The form of a page that something is typed into, and that the page is for; what people wrote is escaped in it. */
function typedFormIn(body: Markup): { id: string; action: string } | undefined {
  const text = body instanceof Promise ? '' : body.toString();
  const forms = [
    ...text.matchAll(/<form\s+id="([^"]+)"\s+(data-aside)?\s*method="post"\s+action="([^"?]+)/g),
  ].map(([, id = '', aside, action = '']) => ({ id, aside, action }));
  return forms.find(({ aside }) => aside === undefined) ?? forms[0];
}

/**
 * Posts what was typed, and the language that it was typed in, so that the page comes back with it. Of a file its name
 * alone is posted: no page can keep one.
 */
function typedButton(
  { texts }: Drawing,
  { id, action, code, text }: { id: string; action: string; code: Language; text: Content },
): Markup {
  return html`<button
    class="tongue"
    form="${id}"
    formaction="${action}?lang=${code}"
    ${action === '/case/file' ? html`formenctype="application/x-www-form-urlencoded"` : ''}
    formnovalidate
    name="from"
    value="${texts.language}"
    lang="${code}"
    dir="auto"
  >
    ${text}
  </button>`;
}

/** Enter in a field presses the first button of its form, which none of a language may be. */
const firstButton = (id: string): Markup =>
  html`<button class="first" form="${id}" tabindex="-1" aria-hidden="true"></button>`;

const openFormId = 'form-open';

/** The secret goes in the body, as with every form; the language alone is in the address. */
const openForm = (to: Switch): Markup =>
  to === 'form'
    ? html``
    : html`<form id="${openFormId}" method="post" action="/case" autocomplete="off" hidden>
        <input type="hidden" name="code" value="${to.secret}" />
        ${to.part ? html`<input type="hidden" name="part" value="${to.part}" />` : ''}
      </form>`;

const openButton: Button = (code, text) =>
  html`<button
    class="tongue"
    form="${openFormId}"
    formaction="/case?lang=${code}"
    lang="${code}"
    dir="auto"
  >
    ${text}
  </button>`;
