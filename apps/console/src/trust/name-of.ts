import { instantText } from '@recourse/design/instants';
import { reasons, type Id, type ReasonCode, type RecallRecord } from '@recourse/protocol';
import type { VerifiedMatch } from '@recourse/sdk';
import { words } from '../parts/words.ts';

interface Named {
  readonly reason: ReasonCode;
  /** The label that the analyst gave */
  readonly ref?: string | undefined;
}

/** A record of the own platform. */
export interface OwnRecord extends Named {
  readonly sanction: Id<'snc'>;
}

/** A person of whom the own platform was told. */
export interface ToldPerson {
  readonly ref?: string | undefined;
  readonly purpose: string;
  readonly toldAt: string;
  /** Where one check found several: which of them, “2 of 3” */
  readonly nth?: string | undefined;
}

/** Whom something is about; undefined where the registry says nothing of it. */
export type Concerned = OwnRecord | ToldPerson | undefined;

/** A record of the own platform in a few words: why, and the label that the analyst gave it. */
export const nameOf = ({ reason, ref }: Named): string => {
  const why = `“${reasons[reason].texts.en.title}”`;
  return ref === undefined ? why : `${ref}, ${why}`;
};

/** A person by the own label, else by when the platform asked. */
export const personOf = (told: ToldPerson | undefined): string =>
  told ? (told.ref ?? `a person ${askedText(told)}`) : 'a person of whom you were told';

/** Whom something is about, in words. */
export const whomOf = (about: Concerned): string =>
  about && 'reason' in about ? nameOf(about) : personOf(about);

export const askedText = ({ purpose, toldAt, nth }: ToldPerson): string =>
  `checked at ${words(purpose)} on ${instantText(toldAt)}${nth === undefined ? '' : `, match ${nth}`}`;

/** Tells apart what one check found. */
export function numbered<T extends { readonly check: string }>(
  matches: readonly T[],
): readonly (T & Pick<ToldPerson, 'nth'>)[] {
  return matches.map((match) => {
    const same = matches.filter(({ check }) => check === match.check);
    return same.length === 1
      ? match
      : { ...match, nth: `${same.indexOf(match) + 1} of ${same.length}` };
  });
}

/** The person whom a recall concerns: the first telling that has a label, else the first. */
export const toldOf = ({ told }: Pick<RecallRecord, 'told'>): ToldPerson | undefined =>
  told.find(({ ref }) => ref !== undefined) ?? told[0];

/** Whoever made a record that was told; it stays unnamed while an appeal puts in doubt whom the record is about. */
export const submitterOf = (match: VerifiedMatch): string =>
  match.reasonWithheld ? 'the submitter' : match.submitter.name;

/** A record of another platform that was told. */
export const matchName = (match: VerifiedMatch): string =>
  match.reasonWithheld
    ? 'a disputed record'
    : `“${reasons[match.reason].texts.en.title}” of ${match.submitter.name}`;
