import { thumbprint, type DisputeAnswer, type Id, type OpOutput } from '@recourse/protocol';
import { verifyStatement } from '../checks/verify-statement.ts';
import { failAs, RecourseError } from '../errors.ts';
import type { Session } from '../session.ts';
import type { CallOptions } from '../transport/transport.ts';
import { contentKeyOf, openWithContentKey } from './content-key.ts';
import { openEvidence } from './open.ts';
import { evidenceCommitment } from './seal.ts';

export interface DisputedItem {
  readonly appeal: Id<'apl'>;
  /** Index in the statement's evidence */
  readonly item: number;
}

/**
 * Says that a delivered item is not what the statement committed to, after it was opened and compared once more.
 * The key that opens it goes along: another reviewer repeats the comparison on the same bytes.
 * @throws RecourseError `evidence-fits`, `evidence-unopened`, `sealing-key-missing`, `statement-invalid`
 */
export async function dispute(
  session: Session,
  { appeal, item }: DisputedItem,
  options: CallOptions = {},
): Promise<OpOutput<'evidence.dispute'>> {
  const opened = (await openEvidence(session, appeal, options)).find((one) => one.item === item);
  if (opened?.fits) throw new RecourseError('evidence-fits');
  const key = await session.sealingKeys?.load(appeal);
  const isComparable = opened?.code === 'evidence-mismatch';
  if (!key || !isComparable) throw new RecourseError('evidence-unopened');
  const { result } = await session.transport.send('evidence.open', { appeal, item }, options);
  const { d: _, ...publicKey } = key;
  const contentKey = await contentKeyOf(result.jwe, key, thumbprint(publicKey));
  if (contentKey === undefined) throw new RecourseError('evidence-unopened');
  const answer = await session.transport.send(
    'evidence.dispute',
    { appeal, item, contentKey },
    options,
  );
  return answer.result;
}

export interface Rechecked extends OpOutput<'evidence.settle'> {
  readonly says: DisputeAnswer;
}

/**
 * Takes the oldest disputed item, opens the same bytes by the key of the first reviewer, compares them with the
 * statement, whose signature is verified first, and says what was found.
 * @throws RecourseError `not-found` where none waits; `statement-invalid`
 */
export async function recheck(session: Session, options: CallOptions = {}): Promise<Rechecked> {
  const { result: assigned } = await session.transport.send('evidence.recheck', {}, options);
  const { appeal, item, sanction } = assigned;
  const { result } = await session.transport.send('evidence.disputed', { appeal, item }, options);
  const commitment = await failAs('statement-invalid', async () => {
    const { evidence } = await verifyStatement(session, result.statement, sanction);
    return evidence[item]?.commitment;
  });
  if (commitment === undefined) throw new RecourseError('statement-invalid');
  const opened = await openWithContentKey(result.jwe, result.contentKey);
  const says = answerOf(
    opened === 'undecipherable' ? undefined : evidenceCommitment(opened),
    commitment,
  );
  const settled = await session.transport.send('evidence.settle', { appeal, item, says }, options);
  return { ...settled.result, says };
}

/** What a second reviewer says of what the key of the first opened, if it did. */
export const answerOf = (found: string | undefined, commitment: string): DisputeAnswer => {
  if (found === undefined) return 'does-not-open';
  return found === commitment ? 'fits' : 'does-not-fit';
};
