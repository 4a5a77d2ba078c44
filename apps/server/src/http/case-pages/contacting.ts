import { readCaseSecret } from '../../case-secret.ts';
import { isOneAddress } from '../../config/proof-settings.ts';
import { actOn } from './acts.ts';
import { stoppedPage, stopPage } from './contact-section.ts';
import { partIn } from './case-parts.ts';
import type { Fields } from './creator-forms.ts';
import type { Creator } from './creator.ts';
import { goToCase, showCase } from './show-case.ts';

/** Leaves an address, which is mailed a code in the language of the page. */
export function leaveContact(creator: Creator, fields: Fields): Promise<Response> {
  const { texts } = creator.drawing;
  const email = (fields['email'] ?? '').trim();
  const wrong = texts.say('page.find.howTo.email');
  return actOn(creator, fields, {
    op: 'case.setContact',
    input: (by) => ({ ...by, email, language: texts.language }),
    errors: { email: isOneAddress(email) ? '' : wrong },
    refused: { email: wrong },
    said: 'page.said.contactSet',
  });
}

/** A wrong code is counted, so that it is an answer of its own. */
export async function confirmContact(creator: Creator, fields: Fields): Promise<Response> {
  const { texts } = creator.drawing;
  const { jti = '', key = '' } = fields;
  const code = (fields['code'] ?? '').slice(0, 40);
  const done = await creator.act('case.confirmContact', { jti, key, code });
  if (!done.ok) return creator.trouble(done.problem, key);
  const { confirmed, triesLeft } = done.result;
  if (confirmed)
    return goToCase(creator, key, { ...partIn(fields), said: 'page.said.contactConfirmed' });
  const [action, name, error] =
    triesLeft > 0
      ? ['/case/contact/confirm', 'code', texts.say('page.contact.wrong')]
      : ['/case/contact', 'email', texts.say('page.contact.gone')];
  const refused = { action, values: {}, errors: { [name]: error } };
  return showCase(creator, key, { ...partIn(fields), refused });
}

export const removeContact = (creator: Creator, fields: Fields): Promise<Response> =>
  actOn(creator, fields, {
    op: 'case.removeContact',
    input: (by) => by,
    said: 'page.said.contactRemoved',
  });

/** Stops the mails, by the code of one. */
export async function stopContact(creator: Creator, fields: Fields): Promise<Response> {
  const { texts } = creator.drawing;
  const { jti = '', code: typed = '' } = fields;
  const code = readCaseSecret(typed);
  const stopped =
    code === undefined ? undefined : await creator.act('case.stopContact', { jti, code });
  if (stopped?.ok) return creator.page(stoppedPage(creator.drawing));
  if (stopped && stopped.problem.code !== 'not-found') return creator.trouble(stopped.problem);
  const error = texts.say(stopped ? 'page.stop.wrong' : 'page.open.notACode');
  const refused = { action: '/case/stop', values: fields, errors: { code: error } };
  return creator.page(stopPage({ ...creator.drawing, refused }), 422);
}
