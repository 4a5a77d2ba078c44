import { accessKinds } from '@recourse/protocol';
import { readCaseSecret } from '../../case-secret.ts';
import { acceptPage, invitedPage } from './access-section.ts';
import { actOn, wordsOf } from './acts.ts';
import type { Fields } from './creator-forms.ts';
import type { Creator } from './creator.ts';
import { enteredWith } from './signing.ts';
import { goToKey } from './key-page.ts';
import { showCase } from './show-case.ts';

const mostName = 80;

/** Gives access by a code, which the next page shows once. */
export async function invite(creator: Creator, fields: Fields): Promise<Response> {
  const { texts } = creator.drawing;
  const { jti = '', key = '', invitation: code = '' } = fields;
  const name = wordsOf(fields['name']).replaceAll(/\s+/g, ' ');
  const as = accessKinds.find((kind) => kind === fields['as']) ?? 'representative';
  if (name === '' || name.length > mostName) {
    const errors = { name: texts.say('page.access.noName') };
    const refused = { action: '/case/access/invite', values: fields, errors };
    return showCase(creator, key, { refused });
  }
  const invited = await creator.act('case.invite', { jti, key, code, as, name });
  if (!invited.ok) return creator.trouble(invited.problem, key);
  const { origin } = creator.http.config;
  const { expiresAt } = invited.result;
  const invitation = { key, code, name, expiresAt, origin };
  return creator.goTo({ step: 'invited', state: invitation }, () =>
    creator.page(invitedPage(creator.drawing, invitation)),
  );
}

/** Takes an invitation up, for a key of one's own. */
export async function accept(creator: Creator, fields: Fields): Promise<Response> {
  const { texts } = creator.drawing;
  const { jti = '', newKey = '', code: typed = '' } = fields;
  const code = readCaseSecret(typed);
  const taken =
    code === undefined
      ? undefined
      : await creator.act('case.accept', { jti, code, newKey, ...enteredWith(fields) });
  if (taken?.ok) {
    return goToKey(creator, newKey, 'accepted');
  }
  if (taken && taken.problem.code !== 'not-found') return creator.trouble(taken.problem);
  const error = texts.say(taken ? 'page.accept.wrong' : 'page.open.notACode');
  const refused = { action: '/case/accept', values: fields, errors: { code: error } };
  return creator.page(acceptPage({ ...creator.drawing, refused }), 422);
}

/** Ends somebody's access; whoever ends their own has nothing to look at afterwards. */
export async function endAccess(creator: Creator, fields: Fields): Promise<Response> {
  const { key = '' } = fields;
  const place = Number(fields['place']);
  const act = { op: 'case.endAccess', said: 'page.said.accessEnded' } as const;
  if (fields['own'] !== 'yes') {
    return actOn(creator, fields, { ...act, input: (by) => ({ ...by, place }) });
  }
  const ended = await creator.act('case.endAccess', { jti: fields['jti'] ?? '', key, place });
  return ended.ok ? creator.restart() : creator.trouble(ended.problem, key);
}
