import {
  subjectCommitments,
  subjectLeaves,
  subjectsRoot,
  type Control,
  type IdentifierKind,
  type Subject,
} from '@recourse/protocol';
import { randomSalt, shuffled, type Random } from '../random.ts';

/** An identifier as its token, with how the platform proved that the creator controls it. */
export interface ProvenToken {
  readonly kind: IdentifierKind;
  readonly control: Control;
  /** NumericDate */
  readonly provenAt: number;
  readonly epoch: number;
  readonly token: string;
}

export interface SubjectTree {
  readonly subjects: Subject[];
  /** Commitments of the unused leaves, in the order of their places */
  readonly padding: string[];
  readonly root: string;
}

/** Puts the tokens into places drawn at random, so that neither number nor order tells anything. */
export function plantSubjects(tokens: readonly ProvenToken[], random: Random): SubjectTree {
  const places = shuffled(random, [...Array(subjectLeaves).keys()]);
  const subjects = tokens.flatMap((token, at) => {
    const index = places[at];
    return index === undefined ? [] : [{ ...token, index, salt: randomSalt(random) }];
  });
  const padding = Array.from({ length: subjectLeaves - tokens.length }, () => randomSalt(random));
  return { subjects, padding, root: subjectsRoot(subjectCommitments(subjects, padding)) };
}
