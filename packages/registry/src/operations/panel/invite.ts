import {
  callSkew,
  countersignatureSchema,
  countersignaturesNeeded,
  fromNumericDate,
  jcs,
  openArtefact,
  peekArtefact,
  Problem,
  ProtocolError,
  toNumericDate,
  toTimestamp,
  type Countersignature,
  type OpInput,
  type SeatTerms,
} from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { nodeVerifier } from '../../kernel/node-crypto.ts';
import { conflict, invalid, refusal } from '../../kernel/refusal.ts';
import { freshId } from '../../parties/fresh-id.ts';
import { shareSigner, type SignerRow } from '../../parties/key-store.ts';
import { logAct } from '../../parties/log-act.ts';
import { openInvite } from '../../parties/open-invite.ts';
import { assertTerse, notOpened } from '../../parties/opening.ts';
import type { Proposal } from '../../parties/on-platform.ts';
import {
  findHolder,
  hasInvite,
  insertAffiliations,
  insertCountersignatures,
  insertHolder,
  panelSeats,
  type NewCountersignature,
} from '../../parties/people-store.ts';
import { findParty, lockParty } from '../../parties/store.ts';
import { byTwoHolders } from '../../parties/two-holders.ts';

/** Seats that a new registry fills without one: nobody sits yet who could sign. */
const firstSeats = 3;

const typ = 'recourse-countersignature+jwt';

const termsOf = ({ invite, affiliations, languages, optOut, termUntil }: SeatTerms): string =>
  jcs({ invite, affiliations, languages, optOut, termUntil });

/**
 * Invites a reviewer with terms that are published: until when, which languages, and what bars cases. As long as the panel has no
 * enrolment key its reviewers are invited as admins: the first to enrol is the root of its chain.
 */
export function inviteReviewer(
  ctx: CallContext,
  input: OpInput<'panel.invite'>,
): Promise<Proposal> {
  let countersignatures: NewCountersignature[] = [];
  return byTwoHolders(ctx, {
    op: 'panel.invite',
    check: async () => {
      await assertInvitable(ctx, input);
      countersignatures = await openCountersignatures(ctx, input);
    },
    execute: async () => {
      const panel = await lockParty(ctx.db, 'panel');
      if (!panel) throw new Problem('not-found');
      const holder = freshId('hld', ctx);
      const termUntil = fromNumericDate(input.termUntil);
      const { languages, optOut } = input;
      await insertHolder(ctx.db, { id: holder, party: 'panel', termUntil, languages, optOut });
      const affiliations = input.affiliations.map(({ party, until }) => ({
        party,
        until: until === undefined ? null : fromNumericDate(until),
      }));
      await insertAffiliations(ctx.db, holder, affiliations);
      await insertCountersignatures(ctx.db, { holder, countersignatures });
      const admin = panel.enrolment_kid === null;
      const invited = { codeHash: input.invite, party: 'panel', holder, role: 'reviewer' } as const;
      await openInvite(ctx, { ...invited, admin });
      logAct(ctx, 'reviewer-added', {
        holder,
        termUntil: toTimestamp(termUntil),
        languages,
        optOut,
        affiliations: affiliations.map(({ party, until }) => ({
          party,
          until: until && toTimestamp(until),
        })),
        countersignatures: countersignatures.map((one) => ({ ...one })),
      });
      return 'panel';
    },
  });
}

async function assertInvitable(
  ctx: CallContext,
  { invite, affiliations, termUntil }: OpInput<'panel.invite'>,
): Promise<void> {
  if (fromNumericDate(termUntil) <= ctx.now) throw invalid('termUntil', 'in-the-past');
  const parties = affiliations.map(({ party }) => party);
  if (new Set(parties).size < parties.length) throw invalid('affiliations', 'twice');
  for (const party of parties) {
    if (!(await findParty(ctx.db, party))) throw new Problem('not-found');
  }
  if (await hasInvite(ctx.db, invite)) throw conflict('invite', 'used');
}

/**
 * Two sitting reviewers sign for a new one, so that operators alone never seat a panel. The first three seats ever
 * need nobody; where fewer than two sit later, all who do.
 * @throws Problem `state-conflict` where signatures are missing, `invalid-input` where one is no reviewer's
 */
async function openCountersignatures(
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
      verify: nodeVerifier,
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
