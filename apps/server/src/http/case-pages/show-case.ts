import type { Problem } from '@recourse/protocol';
import { newJti, readCaseSecret } from '../../case-secret.ts';
import { casePage } from './case-page.ts';
import { partNamed, partOfForm } from './case-parts.ts';
import type { Fields } from './creator-forms.ts';
import type { Creator } from './creator.ts';
import type { RefusedForm } from './forms.ts';
import { openPage } from './open-page.ts';
import type { CasePart } from './shown-case.ts';
import { troubleOf } from './trouble-page.ts';

/** `POST /case`: by a code, a key, or a whole link. */
export async function openByForm(creator: Creator, fields: Fields): Promise<Response> {
  const typed = fields['code'] ?? '';
  const code = readCaseSecret(typed);
  const again = (error: string): Response | Promise<Response> => {
    const refused = { action: '/case', values: { code: typed }, errors: { code: error } };
    return creator.page(openPage({ ...creator.drawing, refused }), 422);
  };
  if (code === undefined) return again(creator.drawing.texts.say('page.open.notACode'));
  return showCase(creator, code, {
    part: partNamed(fields['part']),
    onWrong: (problem) => {
      const { title, next } = troubleOf(creator.drawing.texts, problem);
      return again(`${title}. ${next}`);
    },
  });
}

/** The case that a secret opens, as it is now. Read anew each time: the read has a `jti` of its own. */
export async function showCase(
  creator: Creator,
  secret: string,
  view: {
    said?: string;
    /** Without one, the page of the form that was sent */
    part?: CasePart;
    refused?: RefusedForm;
    onWrong?: (problem: Problem) => Response | Promise<Response>;
  } = {},
): Promise<Response> {
  const { drawing } = creator;
  const opened = await creator.act('case.open', { jti: newJti(drawing.random), code: secret });
  if (!opened.ok) {
    const { problem } = opened;
    const isWrong = problem.code === 'not-found' || problem.code === 'quota-exceeded';
    return isWrong && view.onWrong ? view.onWrong(problem) : creator.trouble(problem);
  }
  const { said, refused } = view;
  const shown = {
    ...drawing,
    view: opened.result.case,
    secret,
    part: view.part ?? partOfForm(creator.c.req.path),
    ...(said === undefined ? {} : { said }),
    ...(refused ? { refused } : {}),
  };
  return creator.page(casePage(shown), refused ? 422 : 200);
}
