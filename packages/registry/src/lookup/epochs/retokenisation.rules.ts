import {
  subjectsRoot,
  toNumericDate,
  type Control,
  type IdentifierKind,
  type Problem,
  type Subject,
  type SubjectsUpdate,
} from '@recourse/protocol';
import { invalid, refusal } from '../../kernel/refusal.ts';
import type { LiveEpochs } from '../../context/live-epochs.ts';

/** New tokens of a record with their openings, as they come in. */
export interface NewTokens {
  readonly update: Pick<SubjectsUpdate, 'epoch' | 'subjects'>;
  readonly tokens: readonly Subject[];
  /** The eight leaf commitments that the openings give; none when they fill no tree */
  readonly commitments: readonly string[] | undefined;
}

/** A subject that the record has, by its newest tokens. */
export interface HeldSubject {
  readonly position: number;
  readonly kind: IdentifierKind;
  readonly control: Control;
  readonly proven_at: Date;
  readonly detached_at: Date | null;
}

export interface RetokenisationFacts {
  /** The epoch of the newest tokens that the record has */
  readonly epoch: number;
  readonly subjects: readonly HeldSubject[];
  readonly live: LiveEpochs;
  /** Which of the tokens that were given for that epoch is not the one that the record has there; none where none were given */
  readonly before: 'none' | 'fit' | { readonly other: number };
}

/**
 * The same identifiers under the newest epoch: as many, of the same kinds, with the same proofs, at the same places. The
 * registry opens every commitment before it accepts, and while the older tokens can still be made it sees that they
 * are the ones it has: nobody is put in another's place by mistake. Detached subjects stay behind.
 */
export function refuseRetokenisation(
  { update, tokens, commitments }: NewTokens,
  facts: RetokenisationFacts,
): Problem | undefined {
  if (update.epoch !== facts.live.newest)
    return refusal('unknown-epoch', 'update.epoch', 'not-newest');
  if (facts.epoch >= update.epoch) return refusal('state-conflict', 'update.sub', 'retokenised');
  const held = facts.subjects.filter(({ detached_at }) => detached_at === null);
  if (held.length === 0) return refusal('state-conflict', 'update.sub', 'without-subjects');
  const other = tokens.findIndex(({ epoch }) => epoch !== update.epoch);
  if (other >= 0) return invalid(`tokens.${other}.epoch`, 'not-of-the-update');
  if (!commitments) return invalid('padding', 'not-eight-leaves');
  if (subjectsRoot(commitments) !== update.subjects) {
    return invalid('update.subjects', 'commitment-mismatch');
  }
  if (!isSame(held, tokens)) return invalid('tokens', 'other-subjects');
  const distinct = new Set(tokens.map(({ kind, token }) => `${kind} ${token}`));
  if (distinct.size < tokens.length) return invalid('tokens', 'duplicate-subject');
  return beforeProblem(facts);
}

/** Which one is told: a platform with two identifiers of a kind finds out so which is where, in calls that it signs. */
function beforeProblem({ epoch, live, before }: RetokenisationFacts): Problem | undefined {
  if (before === 'none') return epoch >= live.records ? invalid('before', 'required') : undefined;
  return before === 'fit' ? undefined : invalid(`before.${before.other}`, 'other-subject');
}

const isSame = (held: readonly HeldSubject[], tokens: readonly Subject[]): boolean =>
  tokens.length === held.length &&
  held.every(({ position, kind, control, proven_at }) =>
    tokens.some(
      (one) =>
        one.index === position &&
        one.kind === kind &&
        one.control === control &&
        one.provenAt === toNumericDate(proven_at),
    ),
  );
