import { html } from 'hono/html';
import type { Markup } from '../markup.ts';
import { caseParts, type CasePart, type ShownCase } from './shown-case.ts';

/** The page that a form asked for; the record where it asked for none. */
export const partNamed = (name: string | undefined): CasePart =>
  caseParts.find((part) => part === name) ?? 'record';

/** The page that the form of this path stands on: what was done there is said there. */
export function partOfForm(path: string): CasePart {
  const [, , step = ''] = path.split('/');
  if (['contact', 'access', 'rotate', 'erase', 'erasing', 'erasure'].includes(step))
    return 'access';
  return ['appeal', 'join', 'add', 'withdraw', 'keep', 'file', 'answer'].includes(step)
    ? 'appeal'
    : 'record';
}

/** The page that a form stands on, where it says so. */
export const partIn = ({ part }: Readonly<Record<string, string>>): { part?: CasePart } =>
  part === undefined ? {} : { part: partNamed(part) };

/** The secret goes in the body, so the menu is a form of buttons. */
export const partsMenu = (shown: ShownCase): Markup =>
  html`<nav class="parts" aria-label="${shown.texts.say('page.parts')}">
    ${partForm(
      shown,
      caseParts.map(
        (part) =>
          html`<button
            name="part"
            value="${part}"
            ${part === shown.part ? html`aria-current="page"` : ''}
          >
            ${shown.texts.say(`page.part.${part}`)}
          </button> `,
      ),
    )}
  </nav>`;

/** One button that leads to another page of the case. */
export const partButton = (shown: ShownCase, part: CasePart, text: string): Markup =>
  partForm(shown, html`<button name="part" value="${part}">${text}</button>`);

const partForm = ({ to, secret }: ShownCase, buttons: Markup | readonly Markup[]): Markup =>
  html`<form method="post" action="${to('/case')}" autocomplete="off">
    <input type="hidden" name="code" value="${secret}" />${buttons}
  </form>`;
