import {
  attestationSchema,
  callSkew,
  openArtefact,
  peekArtefact,
  ProtocolError,
  quarterEnd,
  toNumericDate,
  type Attestation,
  type OpOutput,
} from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { nodeVerifier } from '../../kernel/node-crypto.ts';
import { conflict, invalid } from '../../kernel/refusal.ts';
import { shareAttestor } from '../../parties/key-store.ts';
import { logAct } from '../../parties/log-act.ts';
import { allAttestations, insertAttestation } from '../../parties/membership-store.ts';
import { assertTerse, notOpened } from '../../parties/opening.ts';
import { findParty, membershipOf } from '../../parties/store.ts';
import { missingQuarters } from '../../records/membership.rules.ts';

const typ = 'recourse-attestation+jwt';

/** Files the signed statement of a quarter that is over: no demand of an authority, or how many. Once each. */
export async function attest(
  ctx: CallContext,
  { attestation }: { attestation: string },
): Promise<OpOutput<'parties.attest'>> {
  const { party } = ctx.caller;
  const { kid, payload } = await open(ctx, attestation);
  const { quarter, demands } = payload;
  if (quarterEnd(quarter) > ctx.now) throw invalid('attestation.quarter', 'not-over');
  const count = demands === 'none' ? 0 : demands;
  const row = { party, quarter, demands: count, statement: attestation, kid, at: ctx.now };
  if (!(await insertAttestation(ctx.db, row))) throw conflict('attestation', 'filed');
  logAct(ctx, 'authority-attested', { party, quarter, demands: count, statement: attestation });
  return { quarter, missing: await missingOf(ctx, party) };
}

async function missingOf({ db, now }: CallContext, party: string): Promise<string[]> {
  const row = await findParty(db, party);
  const filed = (await allAttestations(db)).filter((one) => one.party === party);
  const quarters = new Set(filed.map(({ quarter }) => quarter));
  return row ? missingQuarters(membershipOf(row), quarters, now) : [];
}

/** Who carries the call proves nothing about who signs: a live trust or admin key of the caller's party. */
async function open(
  ctx: CallContext,
  compact: string,
): Promise<{ kid: string; payload: Attestation }> {
  const { caller, db, now, services } = ctx;
  try {
    const { jws } = peekArtefact(compact, { typ, schema: attestationSchema });
    assertTerse(compact, 'attestation');
    const signer = await shareAttestor(db, { kid: jws.kid, party: caller.party });
    if (!signer) throw invalid('attestation', 'unknown-signer');
    const expected = {
      typ,
      schema: attestationSchema,
      jwk: signer.jwk,
      verify: nodeVerifier,
    } as const;
    const { payload } = await openArtefact(compact, expected);
    if (payload.iss !== caller.party) throw invalid('attestation.iss', 'not-the-caller');
    if (payload.aud !== services.origin) throw invalid('attestation.aud', 'another-registry');
    if (payload.iat > toNumericDate(now) + callSkew)
      throw invalid('attestation.iat', 'in-the-future');
    return { kid: signer.kid, payload };
  } catch (error) {
    throw error instanceof ProtocolError ? notOpened(error, 'attestation') : error;
  }
}
