import type { Markup } from '../markup.ts';
import { acceptPage } from './access-section.ts';
import { partIn, partOfForm } from './case-parts.ts';
import { stopPage } from './contact-section.ts';
import type { Fields } from './creator-forms.ts';
import type { Creator } from './creator.ts';
import { confirm, erasing } from './erasing.ts';
import { findPage } from './find-pages.ts';
import { showProving } from './finding.ts';
import type { Drawing } from './forms.ts';
import { checkPage } from './letters.ts';
import { openPage } from './open-page.ts';
import { chooseAgain } from './papers.ts';
import { goToCase, showCase } from './show-case.ts';
import { ticketPage } from './ticket-page.ts';

/** Pages that anybody can ask for, by the path of their form too. */
export const openPages: Readonly<Record<string, (drawing: Drawing) => Markup>> = {
  '/case': openPage,
  '/case/find': findPage,
  '/case/ticket': ticketPage,
  '/case/accept': acceptPage,
  '/case/stop': stopPage,
  '/letter': checkPage,
};

type Typed = Readonly<Record<string, Fields>>;

/** The name of the button that asks for a page in another language; its value is the language before. */
export const isSwitch = (fields: Fields): boolean => fields['from'] !== undefined;

/** A page in the language that was chosen, as its reader left it: nothing is sent, and what was typed stays. */
export async function switchLanguage(creator: Creator, fields: Fields): Promise<Response> {
  const { path } = creator.c.req;
  const typed = typedIn(path, fields);
  const isUntouched = Object.values(typed).every((values) => isAsDrawn(values, fields));
  const draw = Object.hasOwn(openPages, path) ? openPages[path] : undefined;
  if (!draw) return isUntouched ? goToPage(creator, fields) : drawPage(creator, fields, typed);
  // The ticket that was shown is shown again.
  return isUntouched && path !== '/case/ticket'
    ? creator.restart(path)
    : creator.page(draw({ ...creator.drawing, typed }));
}

/** Such a page has an address of its own, so that Back leads to it. */
function goToPage(creator: Creator, fields: Fields): Promise<Response> {
  const { path } = creator.c.req;
  const { asked = '', seal = '', key = '' } = fields;
  if (path === '/case/erase') return erasing(creator, fields);
  return path === '/case/prove'
    ? creator.goTo({ step: 'prove', state: { asked, seal } }, () => showProving(creator, fields))
    : goToCase(creator, key, partIn(fields));
}

async function drawPage(creator: Creator, fields: Fields, typed: Typed): Promise<Response> {
  const { path } = creator.c.req;
  const { key = '' } = fields;
  if (path === '/case/prove') return showProving(creator, fields, typed);
  if (path === '/case/erase') return confirm(creator, { key, typed });
  const withFile = typed['/case/file'];
  const refused = withFile?.['file'] ? { refused: chooseAgain(creator, withFile) } : {};
  return showCase(creator, key, { part: partOfForm(path), ...partIn(fields), typed, ...refused });
}

/** The form that was posted, and what the script adds of others on its page: `/case/join words`. */
function typedIn(path: string, fields: Fields): Typed {
  // No prototype: names are attacker-controlled.
  const typed = Object.create(null) as Record<string, Record<string, string>>;
  for (const [name, value] of Object.entries(fields)) {
    const space = name.indexOf(' ');
    const form = space < 0 ? path : name.slice(0, space);
    typed[form] ??= Object.create(null) as Record<string, string>;
    typed[form][name.slice(space + 1)] = value;
  }
  return typed;
}

/** Fields that nobody types. */
const drawn = new Set(
  'jti key newKey jtiOfText signingKey act reopen part asked seal ticket invitation from'.split(
    ' ',
  ),
);

/** Nothing was typed or chosen. */
const isAsDrawn = (values: Fields, { from }: Fields): boolean =>
  Object.entries(values).every(
    ([name, value]) =>
      value === '' ||
      drawn.has(name) ||
      (name === 'language' && value === from) ||
      (name === 'as' && value === 'representative'),
  );
