import {
  callSkew,
  countersignatureSchema,
  countersignaturesNeeded,
  jcs,
  openArtefact,
  peekArtefact,
  ProtocolError,
  toNumericDate,
  type Countersignature,
  type OpInput,
} from '@recourse/protocol';
import type { CallContext } from '../context/context.ts';
import { assertTerse, notOpened } from './opening.ts';
import { invalid, refusal } from '../kernel/refusal.ts';
import { shareSigner, type SignerRow } from './key-store.ts';
import { findHolder, panelSeats, type NewCountersignature } from './people-store.ts';

/** Seats that a new registry fills without one: nobody sits yet who could sign. */
const firstSeats = 3;

const typ = 'recourse-countersignature+jwt';

/**
 * Two sitting reviewers sign for a new one, so that operators alone never seat a panel. The first three seats ever
 * need nobody; where fewer than two sit later, all who do.
 * @throws Problem `state-conflict` where signatures are missing, `invalid-input` where one is no reviewer's
 */
export async function openCountersignatures(
  ctx: CallContext,
  input: OpInput<'panel.invite'>,
): Promise<NewCountersignature[]> {
  const { db, now } = ctx;
  const opened: NewCountersignature[] = [];
  for (const [place, compact] of (input.countersignatures ?? []).entries()) {
    opened.push(await open(ctx, input, { compact, member: `countersignatures.${place}` }));
  }
  const holders = new Set(opened.map(({ by }) => by));
  if (holders.size < opened.length) throw invalid('countersignatures', 'same-holder');
  const { ever, sitting } = await panelSeats(db, now);
  const needed = ever < firstSeats ? 0 : Math.min(countersignaturesNeeded, sitting);
  if (opened.length < needed) throw refusal('state-conflict', 'countersignatures', 'missing');
  return opened;
}

interface OfferedSignature {
  readonly compact: string;
  readonly member: string;
}

async function open(
  ctx: CallContext,
  input: OpInput<'panel.invite'>,
  { compact, member }: OfferedSignature,
): Promise<NewCountersignature> {
  try {
    const { jws } = peekArtefact(compact, { typ, schema: countersignatureSchema });
    assertTerse(compact, member);
    const signer = await sittingSigner(ctx, jws.kid, member);
    const { payload } = await openArtefact(compact, {
      typ,
      schema: countersignatureSchema,
      jwk: signer.jwk,
      verify: ctx.services.verify,
    });
    assertOfInvite(ctx, payload, { input, member });
    return { by: signer.holder, kid: signer.kid, statement: compact };
  } catch (error) {
    throw error instanceof ProtocolError ? notOpened(error, member) : error;
  }
}

async function sittingSigner(
  { db, now }: CallContext,
  kid: string,
  member: string,
): Promise<SignerRow> {
  const signer = await shareSigner(db, kid);
  const sits =
    signer?.party === 'panel' &&
    !signer.revoked_at &&
    (await findHolder(db, { id: signer.holder, party: 'panel', now }));
  if (!sits) throw invalid(member, 'no-sitting-reviewer');
  return signer;
}

/** Attacker-controlled: a signature for one seat is none for another, or for other terms. */
function assertOfInvite(
  { services, now }: CallContext,
  signed: Countersignature,
  { member, input }: { input: OpInput<'panel.invite'>; member: string },
): void {
  const { aud, iat } = signed;
  if (aud !== services.origin) throw invalid(`${member}.aud`, 'another-registry');
  if (iat > toNumericDate(now) + callSkew) throw invalid(`${member}.iat`, 'in-the-future');
  if (termsOf(signed) !== termsOf(input)) throw invalid(member, 'another-seat');
}

const termsOf = ({
  invite,
  affiliations,
  languages,
  optOut,
  termUntil,
}: Omit<Countersignature, 'iss' | 'aud' | 'iat'>): string =>
  jcs({ invite, affiliations, languages, optOut, termUntil });
