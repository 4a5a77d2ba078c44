import { accessKinds, type AccessKind } from '@recourse/protocol';
import type { CaseHoldersTable } from '../database.ts';

type Way = Pick<CaseHoldersTable, 'way'>;

/** Whether a key was given by the holder, and what for. */
export const givenAs = ({ way }: Way): AccessKind | undefined =>
  accessKinds.find((kind) => kind === way);

/** Reads the case whole, answers and appeals: whoever holds it, and whom the holder gave access. */
export const mayAct = (key: Way & { readonly holds: boolean }): boolean =>
  key.holds || givenAs(key) !== undefined;

/** Withdraws an appeal, asks for erasure: the holder; of a record about a minor, their guardian too. */
export const mayDispose = (key: Way & { readonly holds: boolean }): boolean =>
  key.holds || givenAs(key) === 'guardian';
