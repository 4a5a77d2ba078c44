import type { DeliveredClass, EvidenceState, Id, OpOutput, ReviewId } from '@recourse/protocol';
import { verifyStatement, verifyWithdrawal } from '../checks/verify-statement.ts';
import { failAs, isRecourseError, RecourseError } from '../errors.ts';
import type { Session } from '../session/session.ts';
import type { CallOptions } from '../transport/transport.ts';
import { evidenceCommitment, unseal, type UnfitReason } from './seal.ts';
import type { PrivateSealingKey } from '../session/sealing-keys.ts';

interface Item {
  /** Index in the statement's evidence */
  readonly item: number;

  /** Class of the taxonomy, as the submitter signed it, or `complaint` */
  readonly class: DeliveredClass;
  /** As the submitter signed it */
  readonly commitment: string;
}

/** An item of evidence as a reviewer has it: the bytes if they fit the statement, else why not. */
export type OpenedEvidence = Item &
  (
    | {
        /** The bytes are what the statement committed to */
        readonly fits: true;
        /** The item */
        readonly bytes: Uint8Array;
        /** None */
        readonly code?: undefined;
      }
    | {
        /** They are not, or could not be opened */
        readonly fits: false;
        /** Why it does not fit */
        readonly code: UnfitReason;
        /** None: nobody should look at other bytes */
        readonly bytes?: undefined;
      }
  );

/**
 * Opens the evidence of the own assignment, and compares it with the verified statement. So neither submitter nor
 * registry can show other bytes than the statement committed to.
 * @throws RecourseError `sealing-key-missing`, `statement-invalid`; never for a single bad item
 */
export async function openEvidence(
  session: Session,
  appeal: ReviewId,
  options: CallOptions = {},
): Promise<OpenedEvidence[]> {
  const key = await session.sealingKeys?.load(appeal);
  if (!key) throw new RecourseError('sealing-key-missing');
  const { result } = await session.transport.send('review.get', { appeal }, options);
  const committed = await statedEvidence(session, result);
  const opened: OpenedEvidence[] = [];
  for (const [item, { class: name, commitment }] of committed.entries()) {
    const state = result.evidence.find((known) => known.item === item);
    const sealed = await fetchItem(session, { appeal, item, state }, options);
    if (!sealed) continue;
    opened.push({ item, class: name, commitment, ...(await openItem(sealed, key, commitment)) });
  }
  return opened;
}

/**
 * Reads the commitments of a statement, once its signature is verified; of a home reversal that of the withdrawal.
 * @throws RecourseError `statement-invalid`
 */
export const statedEvidence = (
  session: Session,
  { statement, withdrawal, sanction }: StatedCase,
): Promise<readonly Pick<Item, 'class' | 'commitment'>[]> =>
  failAs('statement-invalid', async () => {
    const stated = await verifyStatement(session, statement, sanction);
    if (withdrawal === undefined) return stated.evidence;
    const { lifted } = await verifyWithdrawal(session, withdrawal, stated);
    return lifted ? [{ class: 'complaint', commitment: lifted.complaint }] : [];
  });

interface StatedCase {
  readonly statement: string;
  readonly withdrawal?: string | undefined;
  readonly sanction: Id<'snc'>;
}

/** Nothing where nothing was delivered to this assignment: an item may be sealed to a second reviewer alone. */
async function fetchItem(
  session: Session,
  wanted: { appeal: ReviewId; item: number; state: EvidenceState | undefined },
  options: CallOptions,
): Promise<OpOutput<'evidence.open'> | undefined> {
  const { appeal, item, state } = wanted;
  if (state?.rejected) return undefined;
  try {
    return (await session.transport.send('evidence.open', { appeal, item }, options)).result;
  } catch (error) {
    const absent = isRecourseError(error, 'not-found') || isRecourseError(error, 'state-conflict');
    if (absent && !state?.delivered) return undefined;
    throw error;
  }
}

/** One sealed item, compared with what the statement committed to. */
async function openItem(
  sealed: Pick<OpOutput<'evidence.open'>, 'jwe'>,
  key: PrivateSealingKey,
  commitment: string,
): Promise<{ fits: true; bytes: Uint8Array } | { fits: false; code: UnfitReason }> {
  const item = await unseal(sealed.jwe, key);
  if (typeof item === 'string') return { fits: false, code: item };
  return evidenceCommitment(item) === commitment
    ? { fits: true, bytes: item.bytes }
    : { fits: false, code: 'evidence-mismatch' };
}
