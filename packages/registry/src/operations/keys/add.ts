import {
  algOf,
  jcs,
  keyAddedDetail,
  partyKind,
  Problem,
  toTimestamp,
  type KeyStatement,
  type OpOutput,
} from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { conflict, invalid } from '../../kernel/refusal.ts';
import { openProof } from '../../parties/enrolment.ts';
import { openKeyStatement, signerOf } from '../../parties/key-statement.ts';
import { appendKey, liveHoldersOf, nextPosition, shareAdminKey } from '../../parties/key-store.ts';
import { findHolder, insertHolder, takeEnrolment } from '../../parties/people-store.ts';
import { lockParty } from '../../parties/store.ts';

interface SignedKeyStatement extends KeyStatement {
  readonly kid: string;
  /** The admin key that signed the statement, and its holder; whoever carries the call */
  readonly signer: string;
  readonly signedBy: string;
}

/**
 * Adds a key that an active admin key of the caller's party stated, once its holder has proven to possess
 * it: by a waiting enrolment, or by one in the input that is bound to that admin key.
 */
export async function addKey(
  ctx: CallContext,
  input: { statement: string; enrolment?: string | undefined },
): Promise<OpOutput<'keys.add'>> {
  const { party } = ctx.caller;
  await lockParty(ctx.db, party);
  const stated = await readStatement(ctx, input.statement);
  await assertTwoPeople(ctx, stated);
  await takeProof(ctx, stated, input.enrolment);
  const { kid, holder, role, admin, jwk } = stated;
  const position = await nextPosition(ctx.db, party);
  const key = { party, kid, holder, role, admin, position, statement: input.statement };
  const entry = jcs(ctx.changes.public('key-added', keyAddedDetail(key)));
  // Read under the locks: a key is never dated after the revocation of the one that signed it.
  const activeFrom = ctx.services.clock();
  const added = await appendKey(ctx.db, { ...key, alg: algOf(jwk), jwk, activeFrom, entry });
  if (!added) throw conflict('statement', 'key-known');
  return { kid, activeFrom: toTimestamp(activeFrom) };
}

/**
 * Reads a statement. Who carries the call proves nothing about who signs: the statement's own key must be a live
 * admin's.
 */
async function readStatement(ctx: CallContext, statement: string): Promise<SignedKeyStatement> {
  const { caller, db, services } = ctx;
  const signer = signerOf(statement);
  const admin = await shareAdminKey(db, { kid: signer, party: caller.party });
  if (!admin) throw invalid('statement', 'signer');
  const opened = await openKeyStatement(statement, {
    audience: services.origin,
    party: caller.party,
    signer: admin.jwk,
  });
  return { ...opened, signer, signedBy: admin.holder };
}

/**
 * Operators and reviewers decide by being several people. One admin alone could make up another, or add a
 * key to a colleague's name, and then be two: a key for anybody but oneself is signed by one holder and
 * carried by another. A reviewer's first key was vetted by the two operators who invited them.
 */
async function assertTwoPeople(ctx: CallContext, stated: SignedKeyStatement): Promise<void> {
  const { party, holder } = ctx.caller;
  if (partyKind(party) === 'platform' || stated.signedBy !== holder || stated.holder === holder) {
    return;
  }
  const holders = await liveHoldersOf(ctx.db, party);
  const isFirstKey = party === 'panel' && !holders.includes(stated.holder);
  if (holders.length >= 2 && !isFirstKey) throw new Problem('not-independent');
}

async function takeProof(
  ctx: CallContext,
  stated: SignedKeyStatement,
  enrolment: string | undefined,
): Promise<void> {
  const waiting = await takeEnrolment(ctx.db, stated.kid);
  if (waiting) return assertWaiting(ctx, stated, waiting);
  if (enrolment === undefined) throw invalid('enrolment', 'required');
  const { services } = ctx;
  const proven = await openProof(enrolment, {
    audience: services.origin,
    boundTo: stated.signer,
  });
  if (proven.kid !== stated.kid) throw invalid('enrolment', 'another-key');
  const { role, admin } = proven.enrolment;
  if (role !== stated.role || admin !== stated.admin) throw invalid('enrolment', 'not-as-stated');
  await assertHolder(ctx, stated.holder);
}

async function assertWaiting(
  ctx: CallContext,
  stated: SignedKeyStatement,
  waiting: { party: string; holder: string; role: string; admin: boolean },
): Promise<void> {
  if (waiting.party !== ctx.caller.party) throw conflict('statement', 'key-known');
  const { holder, role, admin } = waiting;
  // The person who was invited, with what they were invited for, and nobody else.
  if (holder !== stated.holder || role !== stated.role || admin !== stated.admin) {
    throw invalid('statement', 'not-as-invited');
  }
  await assertHolder(ctx, holder);
}

/**
 * A holder belongs to one party. Reviewers are invited by the operator with a term and affiliations, so the
 * panel's own admin adds keys of sitting reviewers, never a reviewer whom nobody vetted.
 */
async function assertHolder(ctx: CallContext, id: string): Promise<void> {
  const { party } = ctx.caller;
  if (await findHolder(ctx.db, { id, party, now: ctx.now })) return;
  const isNew = party !== 'panel' && (await insertHolder(ctx.db, { id, party }));
  if (!isNew) throw new Problem('not-found');
}
