import { timingSafeEqual } from 'node:crypto';
import {
  type findableKinds,
  type Problem,
  caseOps,
  isJsonObject,
  parseStrictJson,
  utf8,
} from '@recourse/protocol';
import type { MessageKey } from '@recourse/texts';
import { readCaseSecret } from '../../case-secret.ts';
import type { Fields } from './creator-forms.ts';
import type { Creator } from './creator.ts';
import { findPage, provePage, type AskedProof, type CarriedProof } from './find-pages.ts';
import { wholeForm, type Drawing } from './forms.ts';
import { enteredWith } from './signing.ts';
import { foundPage, type FoundCases } from './found-page.ts';
import { ticketPage } from './ticket-page.ts';
import type { HttpServices } from '../context.ts';

type Kind = (typeof findableKinds)[number];

/** Asks for a proof. The next page is the same whether or not anything is held. */
export async function find(creator: Creator, fields: Fields): Promise<Response> {
  const { texts } = creator.drawing;
  const { jti = '' } = fields;
  const identifier = (fields['identifier'] ?? '').trim();
  const kind = kindOf(identifier);
  const again = (errors: Record<string, string>): Response | Promise<Response> =>
    creator.page(
      findPage({ ...creator.drawing, refused: { action: '/case/find', values: fields, errors } }),
      422,
    );
  const asked = await creator.act('case.find', { jti, kind, identifier, language: texts.language });
  if (asked.ok) {
    const carried = carry(creator.http, { kind, identifier, ...asked.result });
    const { text, seal } = carried;
    return creator.goTo({ step: 'prove', state: { asked: text, seal } }, () =>
      creator.page(provePage(creator.drawing, carried)),
    );
  }
  return asked.problem.code === 'invalid-input'
    ? again({ identifier: texts.say(`page.find.howTo.${kind}`) })
    : creator.trouble(asked.problem);
}

/** Hands the proof in; a wrong one can be tried again. */
export async function prove(creator: Creator, fields: Fields): Promise<Response> {
  const { jti = '', newKey = '' } = fields;
  const carried = carriedIn(creator.http, fields);
  if (!carried) return creator.restart('/case/find');
  const { asked } = carried;
  const proof = (fields['proof'] ?? '').trim();
  const { find: id, identifier } = asked;
  const proved = await creator.act('case.prove', {
    jti,
    find: id as `fnd_${string}`,
    identifier,
    newKey,
    ...enteredWith(fields),
    ...(asked.proof.by === 'dns' ? {} : { proof }),
  });
  if (proved.ok) return goToFound(creator, proved.result.found, newKey);
  if (!isWrongProof(proved.problem)) return creator.trouble(proved.problem);
  const field = asked.proof.by === 'dns' ? wholeForm : 'proof';
  const errors = { [field]: creator.drawing.texts.say(wrongProof[asked.proof.by]) };
  const refused = { action: '/case/prove', values: fields, errors };
  return creator.page(provePage({ ...creator.drawing, refused }, carried), 422);
}

const goToFound = (creator: Creator, found: FoundCases, key: string): Promise<Response> =>
  creator.goTo({ step: 'found', state: { found: JSON.stringify(found), key } }, () =>
    creator.page(foundPage(creator.drawing, { found, key })),
  );

/** The step of a proof, as it was asked for; what nobody asked for leads back. */
export function showProving(
  creator: Creator,
  fields: Fields,
  typed: NonNullable<Drawing['typed']> = {},
): Response | Promise<Response> {
  const carried = carriedIn(creator.http, fields);
  return carried
    ? creator.page(provePage({ ...creator.drawing, typed }, carried))
    : creator.restart('/case/find');
}

const wrongProof = {
  'mailed-code': 'page.prove.wrong.code',
  'texted-code': 'page.prove.wrong.code',
  dns: 'page.prove.wrong.dns',
  signature: 'page.prove.wrong.signature',
} as const satisfies Record<AskedProof['proof']['by'], MessageKey>;

const isWrongProof = ({ code }: Problem): boolean =>
  ['not-found', 'control-not-proven', 'invalid-input'].includes(code);

/** Uses a ticket that a platform vouched for. */
export async function useTicket(creator: Creator, fields: Fields): Promise<Response> {
  const { jti = '', newKey = '' } = fields;
  const { texts } = creator.drawing;
  const secret = readCaseSecret(fields['secret'] ?? '');
  const again = (error: string): Response | Promise<Response> => {
    const refused = { action: '/case/ticket', values: fields, errors: { secret: error } };
    return creator.page(ticketPage({ ...creator.drawing, refused }), 422);
  };
  if (secret === undefined) return again(texts.say('page.ticket.notASecret'));
  const used = await creator.act('case.ticket', {
    jti,
    secret,
    newKey,
    ...enteredWith(fields),
  });
  if (used.ok) return goToFound(creator, used.result.found, newKey);
  return used.problem.code === 'not-found'
    ? again(texts.say('page.ticket.notYet'))
    : creator.trouble(used.problem);
}

/**
 * Tells the kind of an identifier by its form alone: whoever asks reads the same page whichever it is. The text is
 * attacker-controlled and long, so no pattern here goes back over it.
 */
export function kindOf(identifier: string): Kind {
  if (identifier.includes('@')) return 'email';
  if (identifier.split(':', 3).length === 3) return 'wallet';
  return /^[+(]?[\d][\d\s()./-]+$/.test(identifier) ? 'phone' : 'domain';
}

type VaultServices = Pick<HttpServices, 'services'>;

/**
 * Carries what was asked to the next page and back, sealed by the vault that all servers share. Without the seal a page
 * of another site could post a text of its own, and the registry would ask people to sign it, or to put it into their DNS.
 */
function carry(http: VaultServices, asked: AskedProof): CarriedProof {
  const text = JSON.stringify(asked);
  return { asked, text, seal: sealOf(http, text).toString('base64url') };
}

/** Reads a proof that came back; undefined for anything that was not carried by {@link carry}. */
function carriedIn(http: VaultServices, fields: Fields): CarriedProof | undefined {
  const { asked: text = '', seal = '' } = fields;
  const [expected, given] = [sealOf(http, text), Buffer.from(seal, 'base64url')];
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const asked = askedIn(text);
  return asked && { asked, text, seal };
}

/** The prefix is one that no proof of an identifier begins with. */
const sealOf = ({ services }: VaultServices, text: string): Buffer =>
  services.vault.proofOf(`recourse/page/1:${text}`);

function askedIn(text: string): AskedProof | undefined {
  const json = parseStrictJson(utf8(text));
  if (!isJsonObject(json)) return undefined;
  const { kind, identifier } = json;
  const { data } = caseOps['case.find'].output.safeParse(json);
  if (typeof kind !== 'string' || typeof identifier !== 'string' || !data) return undefined;
  return { kind, identifier, ...data };
}
