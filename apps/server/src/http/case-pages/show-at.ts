import { caseOps, parseStrictJson, utf8 } from '@recourse/protocol';
import { problemOf } from '@recourse/registry';
import type { HttpContext, HttpServices } from '../context.ts';
import { invitedPage } from './access-section.ts';
import { kept, type State } from './addresses.ts';
import { Creator } from './creator.ts';
import { confirm } from './erasing.ts';
import { showProving } from './finding.ts';
import { foundPage } from './found-page.ts';
import { showKey } from './key-page.ts';
import { showLetter } from './letters.ts';
import { saying, showCase } from './show-case.ts';
import { caseParts } from './shown-case.ts';

type Show = (creator: Creator, state: State) => Response | Promise<Response>;

/** Pages that a form led to, by the last part of their address. */
const shows: Readonly<Record<string, Show>> = {
  ...Object.fromEntries(
    caseParts.map((part): [string, Show] => [
      part,
      (creator, { secret = '' }) =>
        showCase(creator, secret, {
          part,
          ...saying(creator, { said: creator.c.req.query('said') }),
        }),
    ]),
  ),
  key: (creator, { secret = '' }) => showKey(creator, secret, creator.c.req.query('as')),
  letter: (creator, { secret = '' }) => showLetter(creator, secret),
  erasing: (creator, { secret = '' }) => confirm(creator, { key: secret }),
  prove: showProving,
  found: showFound,
  invited: (creator, { key = '', code = '', name = '', expiresAt = '', origin = '' }) =>
    creator.page(invitedPage(creator.drawing, { key, code, name, expiresAt, origin })),
};

/** A page at its address, for the browser that keeps what it is drawn from. Anybody else begins where cases are opened. */
export async function showAt(http: HttpServices, c: HttpContext): Promise<Response> {
  const creator = new Creator(http, c);
  const { handle = '', step = '' } = c.req.param();
  const show = Object.hasOwn(shows, step) ? shows[step] : undefined;
  const state = kept({ c, http, now: creator.drawing.now }, handle);
  if (!show || !state) return creator.restart();
  try {
    return await show(creator, state);
  } catch (error) {
    return creator.trouble(problemOf(error));
  }
}

function showFound(creator: Creator, state: State): Response | Promise<Response> {
  const { found = '', key = '' } = state;
  const cases = { found: parseStrictJson(utf8(found)) };
  const { data } = caseOps['case.prove'].output.safeParse(cases);
  return data
    ? creator.page(foundPage(creator.drawing, { found: data.found, key }))
    : creator.restart();
}
