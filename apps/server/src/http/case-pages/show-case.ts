import type { CaseOutput } from '@recourse/protocol';
import type { MessageKey } from '@recourse/texts';
import { newJti, readCaseSecret } from '../../case-secret.ts';
import { casePage } from './case-page.ts';
import { partNamed, partOfForm } from './case-parts.ts';
import type { Fields } from './creator-forms.ts';
import type { Creator } from './creator.ts';
import type { RefusedForm } from './forms.ts';
import { openPage } from './open-page.ts';
import type { CasePart, ShownCase } from './shown-case.ts';
import { troubleOf } from './trouble-page.ts';

type OpenedCase = CaseOutput<'case.open'>['case'];

/** Leads to a page of a case, which says what was just done. */
export function goToCase(
  creator: Creator,
  secret: string,
  { said, part, opened }: { said?: MessageKey; part?: CasePart; opened?: OpenedCase } = {},
): Promise<Response> {
  const step = part ?? partOfForm(creator.c.req.path);
  const query = said === undefined ? {} : { said: said.slice(saidPrefix.length) };
  return creator.goTo({ step, state: { secret }, query }, () => {
    const view = { part: step, ...saying(creator, query) };
    return opened
      ? drawCase(creator, secret, { ...view, opened })
      : showCase(creator, secret, view);
  });
}

const saidPrefix = 'page.said.';

/** Whoever made the address chose what is in it: one of the sentences of ours is said, or none. */
export function saying(
  { drawing: { texts } }: Creator,
  { said }: { said?: string | undefined },
): { said?: string } {
  const key = `${saidPrefix}${said}`;
  return said !== undefined && texts.has(key) ? { said: texts.say(key) } : {};
}

/** `POST /case`: by a code, a key, or a whole link. */
export async function openByForm(creator: Creator, fields: Fields): Promise<Response> {
  const typed = fields['code'] ?? '';
  const code = readCaseSecret(typed);
  const again = (error: string): Response | Promise<Response> => {
    const refused = { action: '/case', values: { code: typed }, errors: { code: error } };
    return creator.page(openPage({ ...creator.drawing, refused }), 422);
  };
  if (code === undefined) return again(creator.drawing.texts.say('page.open.notACode'));
  const part = partNamed(fields['part']);
  const { random, texts } = creator.drawing;
  // Opened here: a wrong code is said where it was typed.
  const opened = await creator.act('case.open', { jti: newJti(random), code });
  if (opened.ok) return goToCase(creator, code, { part, opened: opened.result.case });
  const { problem } = opened;
  if (problem.code !== 'not-found' && problem.code !== 'quota-exceeded')
    return creator.trouble(problem);
  const { title, next } = troubleOf(texts, problem);
  return again(`${title}. ${next}`);
}

interface CaseView {
  readonly said?: string;
  /** Without one, the page of the form that was sent */
  readonly part?: CasePart;
  readonly refused?: RefusedForm;
  readonly typed?: ShownCase['typed'];
}

/** The case that a secret opens, as it is now. Read anew each time: the read has a `jti` of its own. */
export async function showCase(
  creator: Creator,
  secret: string,
  view: CaseView = {},
): Promise<Response> {
  const jti = newJti(creator.drawing.random);
  const opened = await creator.act('case.open', { jti, code: secret });
  if (!opened.ok) return creator.trouble(opened.problem);
  return drawCase(creator, secret, { ...view, opened: opened.result.case });
}

function drawCase(
  creator: Creator,
  secret: string,
  { said, part, refused, typed, opened }: CaseView & { readonly opened: OpenedCase },
): Response | Promise<Response> {
  const shown = {
    ...creator.drawing,
    view: opened,
    secret,
    hasMail: creator.http.services.news.available,
    part: part ?? partOfForm(creator.c.req.path),
    ...(said === undefined ? {} : { said }),
    ...(refused ? { refused } : {}),
    ...(typed ? { typed } : {}),
  };
  return creator.page(casePage(shown), refused ? 422 : 200);
}
