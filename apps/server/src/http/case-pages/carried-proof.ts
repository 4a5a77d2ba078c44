import { timingSafeEqual } from 'node:crypto';
import { caseOps, isJsonObject, parseStrictJson, utf8 } from '@recourse/protocol';
import type { HttpServices } from '../context.ts';
import type { Fields } from './creator-forms.ts';
import type { AskedProof, CarriedProof } from './find-pages.ts';

type VaultServices = Pick<HttpServices, 'services'>;

/**
 * Carries what was asked to the next page and back, sealed by the vault that all servers share. Without the seal a page
 * of another site could post a text of its own, and the registry would ask people to sign it, or to put it into their DNS.
 */
export function carry(http: VaultServices, asked: AskedProof): CarriedProof {
  const text = JSON.stringify(asked);
  return { asked, text, seal: sealOf(http, text).toString('base64url') };
}

/** Reads a proof that came back; undefined for anything that was not carried by {@link carry}. */
export function carriedIn(http: VaultServices, fields: Fields): CarriedProof | undefined {
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
