import type { ClaimantRow } from '../review/claimant-store.ts';

/** Whose words and acts they are: a representative counts as the claimant who let them in. */
export const speaksAs = ({ id, kind, acts_for }: ClaimantRow): string =>
  kind === 'representative' ? (acts_for ?? id) : id;

/** Gives up what is a claimant's own: nobody does that for them. */
export const mayGiveUp = ({ kind }: ClaimantRow): boolean => kind !== 'representative';
