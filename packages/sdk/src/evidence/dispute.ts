import {
  thumbprint,
  type DisputeAnswer,
  type Id,
  type OpOutput,
  type ReviewId,
} from '@recourse/protocol';
import { RecourseError } from '../errors.ts';
import type { Session } from '../session/session.ts';
import type { CallOptions } from '../transport/transport.ts';
import { contentKeyOf, openWithContentKey } from './content-key.ts';
import { openEvidence, statedEvidence } from './open.ts';
import { evidenceCommitment } from './seal.ts';

/** An item of evidence that does not fit, or is compared again. */
export interface DisputedItem {
  /** An own appeal, or an own inspection */
  readonly appeal: ReviewId;
  /** Index in the statement's evidence */
  readonly item: number;
}

/**
 * Disputes a delivered item that does not fit the statement, after opening and comparing it again. Sends the key of the
 * item, so that another reviewer can compare the same bytes.
 * @throws RecourseError `evidence-fits`, `evidence-unopened`, `sealing-key-missing`, `statement-invalid`
 */
export async function dispute(
  session: Session,
  { appeal, item }: DisputedItem,
  options: CallOptions = {},
): Promise<OpOutput<'evidence.dispute'>> {
  const opened = await openEvidence(session, appeal, options);
  const openedItem = opened.find((found) => found.item === item);
  if (openedItem?.fits) throw new RecourseError('evidence-fits');
  const key = await session.sealingKeys?.load(appeal);
  if (!key || openedItem?.code !== 'evidence-mismatch')
    throw new RecourseError('evidence-unopened');
  const sealed = await session.transport.send('evidence.open', { appeal, item }, options);
  const { jwe } = sealed.result;
  const { d: _, ...publicKey } = key;
  const contentKey = await contentKeyOf(jwe, key, thumbprint(publicKey));
  if (contentKey === undefined) throw new RecourseError('evidence-unopened');
  const answer = await session.transport.send(
    'evidence.dispute',
    { appeal, item, contentKey },
    options,
  );
  return answer.result;
}

/** Finding of another reviewer about a disputed item. */
export interface RecheckResult extends OpOutput<'evidence.settle'> {
  /** Whether the item fits the statement, as found here and sent */
  readonly says: DisputeAnswer;
}

/**
 * Takes the oldest disputed item, opens it with the key of the first reviewer, and compares it with the verified
 * statement. Reports the result.
 * @throws RecourseError `not-found` if none waits; `statement-invalid`
 */
export async function recheck(session: Session, options: CallOptions = {}): Promise<RecheckResult> {
  const { result: assigned } = await session.transport.send('evidence.recheck', {}, options);
  const { appeal, item, sanction } = assigned;
  const { result } = await session.transport.send('evidence.disputed', { appeal, item }, options);
  const says = await compareAgain(session, result, { sanction, place: item });
  const settled = await session.transport.send('evidence.settle', { appeal, item, says }, options);
  return { ...settled.result, says };
}

/**
 * Compares what the key of the first reviewer opened with the statement, for the second one. The signature of the
 * statement is verified first.
 * @param compared.place index in the statement's evidence
 * @throws RecourseError `statement-invalid`
 */
async function compareAgain(
  session: Session,
  { statement, withdrawal, jwe, contentKey }: OpOutput<'evidence.disputed'>,
  { sanction, place }: { sanction: Id<'snc'>; place: number },
): Promise<DisputeAnswer> {
  const stated = (await statedEvidence(session, { statement, withdrawal, sanction }))[place];
  if (!stated) throw new RecourseError('statement-invalid');
  const opened = await openWithContentKey(jwe, contentKey);
  if (opened === 'undecipherable') return 'does-not-open';
  return evidenceCommitment(opened) === stated.commitment ? 'fits' : 'does-not-fit';
}
