import { findableKinds, type Problem } from '@recourse/protocol';
import { readCaseSecret } from '../../case-secret.ts';
import { carriedIn, carry } from './carried-proof.ts';
import type { Fields } from './creator-forms.ts';
import type { Creator } from './creator.ts';
import { findPage, provePage, type AskedProof } from './find-pages.ts';
import { wholeForm } from './forms.ts';
import { foundPage } from './found-page.ts';
import { ticketPage } from './ticket-page.ts';

type Kind = (typeof findableKinds)[number];

/** Asks for a proof. The next page is the same whether or not anything is held. */
export async function find(creator: Creator, fields: Fields): Promise<Response> {
  const { jti = '', kind = '' } = fields;
  const identifier = (fields['identifier'] ?? '').trim();
  const again = (errors: Record<string, string>): Response | Promise<Response> =>
    creator.page(
      findPage({ ...creator.drawing, refused: { action: '/case/find', values: fields, errors } }),
      422,
    );
  if (!isKind(kind)) return again({ kind: 'Choose one.' });
  const asked = await creator.act('case.find', { jti, kind, identifier, language: 'en' });
  if (asked.ok) {
    const carried = carry(creator.http, { kind, identifier, ...asked.result });
    return creator.page(provePage(creator.drawing, carried));
  }
  return asked.problem.code === 'invalid-input'
    ? again({ identifier: howTo[kind] })
    : creator.trouble(asked.problem);
}

const howTo: Readonly<Record<Kind, string>> = {
  email: 'That is no email address, such as you@example.org.',
  domain: 'That is no domain name of its own, such as example.org.',
  wallet: 'That is no wallet with its chain, such as eip155:1:0x… for Ethereum.',
};

/** Hands the proof in; a wrong one can be tried again. */
export async function prove(creator: Creator, fields: Fields): Promise<Response> {
  const { jti = '', newKey = '' } = fields;
  const carried = carriedIn(creator.http, fields);
  if (!carried) return creator.c.redirect('/case/find', 303);
  const { asked } = carried;
  const proof = (fields['proof'] ?? '').trim();
  const { find: id, identifier } = asked;
  const proved = await creator.act('case.prove', {
    jti,
    find: id as `fnd_${string}`,
    identifier,
    newKey,
    ...(asked.proof.by === 'dns' ? {} : { proof }),
  });
  if (proved.ok) {
    return creator.page(foundPage(creator.drawing, { found: proved.result.found, key: newKey }));
  }
  if (!isWrongProof(proved.problem)) return creator.trouble(proved.problem);
  const field = asked.proof.by === 'dns' ? wholeForm : 'proof';
  const errors = { [field]: wrongProof[asked.proof.by] };
  const refused = { action: '/case/prove', values: fields, errors };
  return creator.page(provePage({ ...creator.drawing, refused }, carried), 422);
}

const wrongProof: Readonly<Record<AskedProof['proof']['by'], string>> = {
  'mailed-code':
    'That is not the code, or it is too old, or it was tried too often. Look at the newest mail, or begin again.',
  dns: 'The record is not there yet. It can take some minutes to be seen. After five attempts, begin again.',
  signature: 'That is not a signature of this wallet over exactly this text.',
};

const isWrongProof = ({ code }: Problem): boolean =>
  ['not-found', 'control-not-proven', 'invalid-input'].includes(code);

/** Uses a ticket that a platform vouched for. */
export async function useTicket(creator: Creator, fields: Fields): Promise<Response> {
  const { jti = '', newKey = '' } = fields;
  const secret = readCaseSecret(fields['secret'] ?? '');
  const again = (error: string): Response | Promise<Response> => {
    const refused = { action: '/case/ticket', values: fields, errors: { secret: error } };
    return creator.page(ticketPage({ ...creator.drawing, refused }), 422);
  };
  if (secret === undefined) return again('A secret has eight groups of four letters and digits.');
  const used = await creator.act('case.ticket', { jti, secret, newKey });
  if (used.ok) {
    return creator.page(foundPage(creator.drawing, { found: used.result.found, key: newKey }));
  }
  return used.problem.code === 'not-found'
    ? again('No platform has vouched for this secret yet, or its time is over.')
    : creator.trouble(used.problem);
}

const isKind = (kind: string): kind is Kind => findableKinds.some((known) => known === kind);
