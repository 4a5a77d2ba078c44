import { dayText } from '@recourse/design/instants';
import { reasons, type ReasonCode, type RecallRecord } from '@recourse/protocol';
import type { VerifiedMatch } from '@recourse/sdk';
import { words } from '../parts/words.ts';

/** A record of the own platform in a few words: why, and the label that the analyst gave it. */
export const nameOf = ({
  reason,
  ref,
}: {
  readonly reason: ReasonCode;
  readonly ref?: string | undefined;
}): string => {
  const why = `“${reasons[reason].texts.en.title}”`;
  return ref === undefined ? why : `${ref}, ${why}`;
};

/** Whoever made a record that was told; it stays unnamed while an appeal puts in doubt whom the record is about. */
export const submitterOf = (match: VerifiedMatch): string =>
  match.reasonWithheld ? 'the submitter' : match.submitter.name;

/** A record of another platform that was told. */
export const matchName = (match: VerifiedMatch): string =>
  match.reasonWithheld
    ? 'a disputed record'
    : `“${reasons[match.reason].texts.en.title}” of ${match.submitter.name}`;

/** A person whom the own platform was told of: by its own reference, else by when it asked. */
export function personOf({ told }: Pick<RecallRecord, 'told'>): string {
  const ref = told.map((one) => one.ref).find(Boolean);
  if (ref !== undefined) return ref;
  const [first] = told;
  return first ? askedAbout(first) : 'a person whom you checked';
}

interface Asked {
  readonly purpose: string;
  readonly toldAt: string;
}

export const askedAbout = ({ purpose, toldAt }: Asked): string =>
  `the person checked at ${words(purpose)} on ${dayText(toldAt)}`;
