import { thumbprint, type DisputeAnswer, type Id, type OpOutput } from '@recourse/protocol';
import { RecourseError } from '../errors.ts';
import { contentKeyOf } from '../evidence/content-key.ts';
import { compareAgain } from '../evidence/dispute.ts';
import { openItem, statedEvidence, type OpenedEvidence } from '../evidence/open.ts';
import type { Session } from '../session.ts';
import type { CallOptions } from '../transport/transport.ts';

/**
 * Opens what was delivered for an own audit, and compares it with the statement itself, whose signature is verified first:
 * neither submitter nor registry can show other bytes than those committed to.
 * @throws RecourseError `sealing-key-missing`, `statement-invalid`; never for a single bad item
 */
export async function openAudit(
  session: Session,
  item: Id<'itm'>,
  options: CallOptions = {},
): Promise<OpenedEvidence[]> {
  const key = await session.sealingKeys?.load(item);
  if (!key) throw new RecourseError('sealing-key-missing');
  const { result } = await session.transport.send('audits.get', { item }, options);
  const committed = await statedEvidence(session, result);
  const opened: OpenedEvidence[] = [];
  for (const [place, { class: name, commitment }] of committed.entries()) {
    if (!result.evidence.some((one) => one.item === place && one.delivered)) continue;
    const sealed = await session.transport.send('audits.open', { item, place }, options);
    const found = await openItem(sealed.result, key, commitment);
    opened.push({ item: place, class: name, commitment, ...found });
  }
  return opened;
}

export interface AuditPlace {
  readonly item: Id<'itm'>;
  /** Index in the statement's evidence */
  readonly place: number;
}

/**
 * Says that a delivered item of an own audit is not what the statement committed to, after it was opened and compared once
 * more. The key that opens it goes along: another reviewer repeats the comparison on the same bytes.
 * @throws RecourseError `evidence-fits`, `evidence-unopened`, `sealing-key-missing`, `statement-invalid`
 */
export async function disputeAudit(
  session: Session,
  { item, place }: AuditPlace,
  options: CallOptions = {},
): Promise<OpOutput<'audits.dispute'>> {
  const opened = (await openAudit(session, item, options)).find((one) => one.item === place);
  if (opened?.fits) throw new RecourseError('evidence-fits');
  const key = await session.sealingKeys?.load(item);
  if (!key || opened?.code !== 'evidence-mismatch') throw new RecourseError('evidence-unopened');
  const { result } = await session.transport.send('audits.open', { item, place }, options);
  const { d: _, ...publicKey } = key;
  const contentKey = await contentKeyOf(result.jwe, key, thumbprint(publicKey));
  if (contentKey === undefined) throw new RecourseError('evidence-unopened');
  return (await session.transport.send('audits.dispute', { item, place, contentKey }, options))
    .result;
}

export interface RecheckedAudit extends OpOutput<'audits.settle'> {
  readonly says: DisputeAnswer;
}

/**
 * Takes the oldest disputed item of an audit, opens the same bytes by the key of the first reviewer, compares them with
 * the statement, whose signature is verified first, and says what was found.
 * @throws RecourseError `not-found` where none waits; `statement-invalid`
 */
export async function recheckAudit(
  session: Session,
  options: CallOptions = {},
): Promise<RecheckedAudit> {
  const { result: assigned } = await session.transport.send('audits.recheck', {}, options);
  const { item, place, sanction } = assigned;
  const { result } = await session.transport.send('audits.disputed', { item, place }, options);
  const says = await compareAgain(session, result, { sanction, place });
  const settled = await session.transport.send('audits.settle', { item, place, says }, options);
  return { ...settled.result, says };
}
