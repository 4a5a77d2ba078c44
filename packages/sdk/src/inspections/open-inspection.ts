import type { Id } from '@recourse/protocol';
import { RecourseError } from '../errors.ts';
import { openItem, statedEvidence, type OpenedEvidence } from '../evidence/open.ts';
import type { Session } from '../session.ts';
import type { CallOptions } from '../transport/transport.ts';

/**
 * Opens what was delivered for an own inspection, and compares it with the statement itself, whose signature is verified first:
 * neither submitter nor registry can show other bytes than those committed to.
 * @throws RecourseError `sealing-key-missing`, `statement-invalid`; never for a single bad item
 */
export async function openInspection(
  session: Session,
  item: Id<'itm'>,
  options: CallOptions = {},
): Promise<OpenedEvidence[]> {
  const key = await session.sealingKeys?.load(item);
  if (!key) throw new RecourseError('sealing-key-missing');
  const { result } = await session.transport.send('inspections.get', { item }, options);
  const committed = await statedEvidence(session, result);
  const opened: OpenedEvidence[] = [];
  for (const [place, { class: name, commitment }] of committed.entries()) {
    if (!result.evidence.some((one) => one.item === place && one.delivered)) continue;
    const sealed = await session.transport.send('inspections.open', { item, place }, options);
    const found = await openItem(sealed.result, key, commitment);
    opened.push({ item: place, class: name, commitment, ...found });
  }
  return opened;
}
