import {
  assertStrongKey,
  auditClaimSchema,
  Problem,
  ProtocolError,
  thumbprint,
  toTimestamp,
  type AuditClaim,
  type GeneralJwe,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import { assertIndependent } from '../appeals/lock-appeal.ts';
import { openOwnArtefact } from '../appeals/own-artefact.ts';
import { assignmentHours } from '../appeals/appeal.rules.ts';
import { assertEncryption } from '../appeals/encryption.ts';
import { missingItems } from '../appeals/evidence.rules.ts';
import { addHours } from '../bounds.ts';
import { caseOf } from '../cases/open-case.ts';
import { placeOf } from '../cases/sealed-columns.ts';
import type { CallContext } from '../context.ts';
import { materialise } from '../sanctions/materialise.ts';
import { readStatement } from '../sanctions/opening.ts';
import { invalid, refusal } from '../sanctions/refusal.ts';
import { findSanction, lockSanction, type SanctionRow } from '../sanctions/store.ts';
import { found } from '../sanctions/views.ts';
import { heldDelivery, insertAuditDelivery } from './audit-delivery-store.ts';
import { auditEvidence, evidenceIsDue } from './audit-evidence.ts';
import {
  auditsAgainst,
  auditsOfHolder,
  changeAudit,
  findAudit,
  takeWaitingAudit,
  type AuditRow,
} from './audit-store.ts';

/** What the submitter has to deliver the evidence of an audited record. */
const evidenceDays = 7;

/** Without a claim: the audit that is due first. With one: it is taken, and evidence is due. */
export async function claimAudit(
  ctx: CallContext,
  { claim: compact }: OpInput<'audits.claim'>,
): Promise<OpOutput<'audits.claim'>> {
  const audit = compact === undefined ? await assign(ctx) : await takeWithKey(ctx, compact);
  const record = await findSanction(ctx.db, audit.sanction);
  if (!record) throw new Problem('not-found');
  return {
    item: audit.item,
    sanction: audit.sanction,
    why: audit.why,
    keyed: audit.statement !== null,
    statement: record.statement,
    evidence: await auditEvidence(ctx.db, audit.item, record),
  };
}

async function assign(ctx: CallContext): Promise<AuditRow> {
  const { db, now, caller } = ctx;
  const { holder } = caller;
  const since = addHours(now, -assignmentHours);
  const own = await auditsOfHolder(db, { holder, since });
  const unkeyed = own.find(({ statement }) => statement === null);
  const waiting = unkeyed ?? (await takeWaitingAudit(db, { holder, now, since }));
  if (!waiting) throw new Problem('not-found', { detail: 'no audit waits' });
  if (!unkeyed) await changeAudit(db, waiting.item, { holder, assigned_at: now });
  return waiting;
}

async function takeWithKey(ctx: CallContext, compact: string): Promise<AuditRow> {
  const { db, caller } = ctx;
  const artefact = { compact, member: 'claim', typ: 'recourse-audit-claim+jwt' } as const;
  const payload = await openOwnArtefact(ctx, artefact, auditClaimSchema);
  assertOnCurve(payload);
  const { audit, record } = await lockAudit(ctx, payload.item);
  if (audit.holder !== caller.holder) throw new Problem('not-found');
  if (audit.statement === compact) return audit;
  await assertIndependent(ctx, record.id);
  if (audit.statement !== null) throw refusal('state-conflict', 'claim', 'already-keyed');
  const sealing = thumbprint(payload.key);
  if (sealing === caller.kid) throw invalid('claim.key', 'not-fresh');
  const due = await evidenceIsDue(ctx, { item: audit.item, record, days: evidenceDays });
  const keyed = { statement: compact, sealing_kid: sealing, evidence_due_at: due };
  await changeAudit(db, audit.item, keyed);
  ctx.keepWith.add(record.id);
  return { ...audit, ...keyed };
}

/** Attacker-controlled: on a point outside the curve a submitter's half of the exchange leaks. */
function assertOnCurve({ key }: AuditClaim): void {
  try {
    assertStrongKey(key);
  } catch (error) {
    throw error instanceof ProtocolError ? invalid('claim.key', error.code) : error;
  }
}

export interface LockedAudit {
  readonly audit: AuditRow;
  readonly record: SanctionRow;
}

/** An open audit with its record, locked, and what time has done to it written. */
export async function lockAudit(ctx: CallContext, item: string): Promise<LockedAudit> {
  const found = await findAudit(ctx.db, item);
  const locked = found && (await lockSanction(ctx.db, found.sanction));
  if (!locked) throw new Problem('not-found');
  const record = await materialise(ctx, locked);
  const audit = await findAudit(ctx.db, item);
  if (!audit || audit.closed_at) throw refusal('state-conflict', 'item', 'closed');
  return { audit, record };
}

/** An open audit that the caller has taken. Of others, ids read like none, before anything is locked. */
export async function lockOwnAudit(ctx: CallContext, item: string): Promise<LockedAudit> {
  const isOwn = ({ holder, statement }: AuditRow): boolean =>
    holder === ctx.caller.holder && statement !== null;
  found(await findAudit(ctx.db, item), isOwn);
  const locked = await lockAudit(ctx, item);
  found(locked.audit, isOwn);
  await assertIndependent(ctx, locked.record.id);
  return locked;
}

/** Open audits of own records that a reviewer has taken, each with the claim to seal to. */
export async function listAudits(ctx: CallContext): Promise<OpOutput<'audits.list'>> {
  const audits: OpOutput<'audits.list'>['audits'] = [];
  for (const audit of await auditsAgainst(ctx.db, ctx.caller.party)) {
    const record = await findSanction(ctx.db, audit.sanction);
    if (!record) continue;
    const { item, sanction, why, statement, evidence_due_at: due } = audit;
    audits.push({
      item,
      sanction,
      why,
      ...(statement === null ? {} : { claim: statement }),
      ...(due === null ? {} : { evidenceDueAt: toTimestamp(due) }),
      evidence: await auditEvidence(ctx.db, audit.item, record),
    });
  }
  return { audits };
}

/** Takes one item, sealed to the reviewer; nothing is owed once all are there. */
export async function deliverForAudit(
  ctx: CallContext,
  { item, place, jwe }: OpInput<'audits.deliver'>,
): Promise<OpOutput<'audits.deliver'>> {
  const { db, now: at, caller } = ctx;
  assertEncryption(jwe);
  const known = await findAudit(db, item);
  const own = known && (await findSanction(db, known.sanction));
  if (own?.party !== caller.party) throw new Problem('not-found');
  const { audit, record } = await lockAudit(ctx, item);
  if (audit.statement === null) throw refusal('state-conflict', 'item', 'not-claimed');
  const states = await auditEvidence(db, item, record);
  if (!states[place]) throw invalid('place', 'no-such-item');
  const kids = jwe.recipients.map(({ header }) => header.kid);
  if (kids.join() !== audit.sealing_kid) {
    throw refusal('state-conflict', 'jwe.recipients', 'claims-changed');
  }
  if (states[place].disputed) throw refusal('state-conflict', 'place', 'disputed');
  // Complete is complete: what the reviewer may have opened is not replaced behind their back.
  if (states.every(({ delivered }) => delivered)) {
    throw refusal('state-conflict', 'place', 'delivered');
  }
  const { caseKey } = await caseOf(ctx, record);
  const sealed = caseKey.sealJson(jwe, placeOf('audit_deliveries.sealed', { item, place }));
  await insertAuditDelivery(db, { item, place, sealed, at });
  const missing = missingItems(await auditEvidence(db, item, record));
  if (missing.length === 0) await changeAudit(db, item, { evidence_due_at: null });
  ctx.keepWith.add(record.id);
  return { item, missing };
}

/** One delivered item of an own audit, as it was sealed. */
export async function openForAudit(
  ctx: CallContext,
  { item, place }: OpInput<'audits.open'>,
): Promise<OpOutput<'audits.open'>> {
  const { db, caller } = ctx;
  const audit = await findAudit(db, item);
  if (audit?.holder !== caller.holder || audit.closed_at) throw new Problem('not-found');
  const record = await findSanction(db, audit.sanction);
  const held = await heldDelivery(db, { item, place });
  const stated = record && readStatement(record.statement).evidence[place];
  if (!record || !held || !stated) throw new Problem('not-found');
  const { caseKey } = await caseOf(ctx, record);
  const jwe = caseKey.openJson(held.sealed, placeOf('audit_deliveries.sealed', held)) as GeneralJwe;
  return { item, place, class: stated.class, commitment: stated.commitment, jwe };
}
