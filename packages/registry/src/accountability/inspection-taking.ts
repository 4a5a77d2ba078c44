import {
  assertStrongKey,
  inspectionClaimSchema,
  Problem,
  ProtocolError,
  thumbprint,
  toTimestamp,
  type InspectionClaim,
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
import { heldDelivery, insertInspectionDelivery } from './inspection-delivery-store.ts';
import { inspectionEvidence, evidenceIsDue } from './inspection-evidence.ts';
import {
  inspectionsAgainst,
  inspectionsOfHolder,
  changeInspection,
  findInspection,
  takeWaitingInspection,
  type InspectionRow,
} from './inspection-store.ts';

/** What the submitter has to deliver the evidence of an inspected record. */
const evidenceDays = 7;

/** Without a claim: the inspection that is due first. With one: it is taken, and evidence is due. */
export async function claimInspection(
  ctx: CallContext,
  { claim: compact }: OpInput<'inspections.claim'>,
): Promise<OpOutput<'inspections.claim'>> {
  const inspection = compact === undefined ? await assign(ctx) : await takeWithKey(ctx, compact);
  const record = await findSanction(ctx.db, inspection.sanction);
  if (!record) throw new Problem('not-found');
  return {
    item: inspection.item,
    sanction: inspection.sanction,
    why: inspection.why,
    keyed: inspection.statement !== null,
    statement: record.statement,
    evidence: await inspectionEvidence(ctx.db, inspection.item, record),
  };
}

async function assign(ctx: CallContext): Promise<InspectionRow> {
  const { db, now, caller } = ctx;
  const { holder } = caller;
  const since = addHours(now, -assignmentHours);
  const own = await inspectionsOfHolder(db, { holder, since });
  const unkeyed = own.find(({ statement }) => statement === null);
  const waiting = unkeyed ?? (await takeWaitingInspection(db, { holder, now, since }));
  if (!waiting) throw new Problem('not-found', { detail: 'no inspection waits' });
  if (!unkeyed) await changeInspection(db, waiting.item, { holder, assigned_at: now });
  return waiting;
}

async function takeWithKey(ctx: CallContext, compact: string): Promise<InspectionRow> {
  const { db, caller } = ctx;
  const artefact = { compact, member: 'claim', typ: 'recourse-inspection-claim+jwt' } as const;
  const payload = await openOwnArtefact(ctx, artefact, inspectionClaimSchema);
  assertOnCurve(payload);
  const { inspection, record } = await lockInspection(ctx, payload.item);
  if (inspection.holder !== caller.holder) throw new Problem('not-found');
  if (inspection.statement === compact) return inspection;
  await assertIndependent(ctx, record.id);
  if (inspection.statement !== null) throw refusal('state-conflict', 'claim', 'already-keyed');
  const sealing = thumbprint(payload.key);
  if (sealing === caller.kid) throw invalid('claim.key', 'not-fresh');
  const due = await evidenceIsDue(ctx, { item: inspection.item, record, days: evidenceDays });
  const keyed = { statement: compact, sealing_kid: sealing, evidence_due_at: due };
  await changeInspection(db, inspection.item, keyed);
  ctx.keepWith.add(record.id);
  return { ...inspection, ...keyed };
}

/** Attacker-controlled: on a point outside the curve a submitter's half of the exchange leaks. */
function assertOnCurve({ key }: InspectionClaim): void {
  try {
    assertStrongKey(key);
  } catch (error) {
    throw error instanceof ProtocolError ? invalid('claim.key', error.code) : error;
  }
}

export interface LockedInspection {
  readonly inspection: InspectionRow;
  readonly record: SanctionRow;
}

/** An open inspection with its record, locked, and what time has done to it written. */
export async function lockInspection(ctx: CallContext, item: string): Promise<LockedInspection> {
  const found = await findInspection(ctx.db, item);
  const locked = found && (await lockSanction(ctx.db, found.sanction));
  if (!locked) throw new Problem('not-found');
  const record = await materialise(ctx, locked);
  const inspection = await findInspection(ctx.db, item);
  if (!inspection || inspection.closed_at) throw refusal('state-conflict', 'item', 'closed');
  return { inspection, record };
}

/** An open inspection that the caller has taken. Of others, ids read like none, before anything is locked. */
export async function lockOwnInspection(ctx: CallContext, item: string): Promise<LockedInspection> {
  const isOwn = ({ holder, statement }: InspectionRow): boolean =>
    holder === ctx.caller.holder && statement !== null;
  found(await findInspection(ctx.db, item), isOwn);
  const locked = await lockInspection(ctx, item);
  found(locked.inspection, isOwn);
  await assertIndependent(ctx, locked.record.id);
  return locked;
}

/** Open inspections of own records that a reviewer has taken, each with the claim to seal to. */
export async function listInspections(ctx: CallContext): Promise<OpOutput<'inspections.list'>> {
  const inspections: OpOutput<'inspections.list'>['inspections'] = [];
  for (const inspection of await inspectionsAgainst(ctx.db, ctx.caller.party)) {
    const record = await findSanction(ctx.db, inspection.sanction);
    if (!record) continue;
    const { item, sanction, why, statement, evidence_due_at: due } = inspection;
    inspections.push({
      item,
      sanction,
      why,
      ...(statement === null ? {} : { claim: statement }),
      ...(due === null ? {} : { evidenceDueAt: toTimestamp(due) }),
      evidence: await inspectionEvidence(ctx.db, inspection.item, record),
    });
  }
  return { inspections };
}

/** Takes one item, sealed to the reviewer; nothing is owed once all are there. */
export async function deliverForInspection(
  ctx: CallContext,
  { item, place, jwe }: OpInput<'inspections.deliver'>,
): Promise<OpOutput<'inspections.deliver'>> {
  const { db, now: at, caller } = ctx;
  assertEncryption(jwe);
  const known = await findInspection(db, item);
  const own = known && (await findSanction(db, known.sanction));
  if (own?.party !== caller.party) throw new Problem('not-found');
  const { inspection, record } = await lockInspection(ctx, item);
  if (inspection.statement === null) throw refusal('state-conflict', 'item', 'not-claimed');
  const states = await inspectionEvidence(db, item, record);
  if (!states[place]) throw invalid('place', 'no-such-item');
  const kids = jwe.recipients.map(({ header }) => header.kid);
  if (kids.join() !== inspection.sealing_kid) {
    throw refusal('state-conflict', 'jwe.recipients', 'claims-changed');
  }
  if (states[place].disputed) throw refusal('state-conflict', 'place', 'disputed');
  // Complete is complete: what the reviewer may have opened is not replaced behind their back.
  if (states.every(({ delivered }) => delivered)) {
    throw refusal('state-conflict', 'place', 'delivered');
  }
  const { caseKey } = await caseOf(ctx, record);
  const sealed = caseKey.sealJson(jwe, placeOf('inspection_deliveries.sealed', { item, place }));
  await insertInspectionDelivery(db, { item, place, sealed, at });
  const missing = missingItems(await inspectionEvidence(db, item, record));
  if (missing.length === 0) await changeInspection(db, item, { evidence_due_at: null });
  ctx.keepWith.add(record.id);
  return { item, missing };
}

/** One delivered item of an own inspection, as it was sealed. */
export async function openForInspection(
  ctx: CallContext,
  { item, place }: OpInput<'inspections.open'>,
): Promise<OpOutput<'inspections.open'>> {
  const { db, caller } = ctx;
  const inspection = await findInspection(db, item);
  if (inspection?.holder !== caller.holder || inspection.closed_at) throw new Problem('not-found');
  const record = await findSanction(db, inspection.sanction);
  const held = await heldDelivery(db, { item, place });
  const stated = record && readStatement(record.statement).evidence[place];
  if (!record || !held || !stated) throw new Problem('not-found');
  const { caseKey } = await caseOf(ctx, record);
  const jwe = caseKey.openJson(
    held.sealed,
    placeOf('inspection_deliveries.sealed', held),
  ) as GeneralJwe;
  return { item, place, class: stated.class, commitment: stated.commitment, jwe };
}
