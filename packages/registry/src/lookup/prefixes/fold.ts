import { prefixOf } from '@recourse/blind/prefixes';
import { fromBase64url } from '@recourse/protocol';
import { type Vault, placeOf } from '../../vault/vault.ts';
import type { Db } from '../../kernel/database.ts';
import { RegistryError } from '../../kernel/errors.ts';
import {
  deleteListed,
  insertListed,
  listedOf,
  liveSubjects,
  setFolded,
  takeMarked,
  type ListedSubject,
  type LiveSubject,
  type SubjectPlace,
} from './fold-store.ts';
import { mostPrefixBits } from '../../schema/figures.ts';

/** A token that is counted from now on, or no longer. */
export interface CountedToken extends SubjectPlace {
  /** The first 32 bits of it */
  readonly prefix: number;
  readonly by: 1 | -1;
}

export interface FoldResult {
  readonly counted: readonly CountedToken[];
  /** True where more records wait */
  readonly more: boolean;
  /** Records whose tokens the vault does not open */
  readonly unreadable: readonly string[];
}

/** Records looked at at once: one transaction of bounded length. */
const mostMarks = 4_096;

/**
 * Looks at records of which something changed and at tokens whose time is over, and writes down what is counted now.
 * What a record counts for is computed from the record, so that a mark that comes twice, late or for nothing changes nothing.
 */
export async function fold(
  db: Db,
  { vault, now }: { vault: Vault; now: Date },
): Promise<FoldResult> {
  const { sanctions, more } = await takeMarked(db, mostMarks);
  const live = await liveSubjects(db, { sanctions, now });
  const listed = await listedOf(db, { sanctions, now });
  const { come, gone, moved, unreadable } = compareListed(vault, { live, listed });
  await deleteListed(db, [...gone, ...moved]);
  await insertListed(db, [...come, ...moved]);
  await setFolded(db, now);
  const counting =
    (by: 1 | -1) =>
    (row: ListedSubject): CountedToken => ({
      sanction: row.sanction,
      position: row.position,
      epoch: row.epoch,
      prefix: unmasked(vault, row),
      by,
    });
  return { counted: [...gone.map(counting(-1)), ...come.map(counting(1))], more, unreadable };
}

/** Where what is counted differs from what there is to count. */
export interface ListedDifference {
  readonly come: readonly ListedSubject[];
  readonly gone: readonly ListedSubject[];
  /** Counted until another instant */
  readonly moved: readonly ListedSubject[];
  /** Records whose tokens the vault does not open */
  readonly unreadable: readonly string[];
}

/** @param of `live` and `listed` are of the same records; of others `listed` has what has stopped matching */
export function compareListed(
  vault: Vault,
  { listed, live }: { live: readonly LiveSubject[]; listed: readonly ListedSubject[] },
): ListedDifference {
  const before = new Map(listed.map((row) => [nameOf(row), row]));
  const unreadable = new Set<string>();
  const rows = live.flatMap((subject) => {
    const row = before.get(nameOf(subject)) ?? maskedBy(vault, subject);
    if (!row) unreadable.add(subject.sanction);
    return row ? { ...row, until: subject.until } : [];
  });
  const after = new Set(rows.map(nameOf));
  return {
    come: rows.filter((row) => !before.has(nameOf(row))),
    gone: listed.filter((row) => !after.has(nameOf(row))),
    moved: rows.filter((row) => isMoved(before.get(nameOf(row)), row)),
    unreadable: [...unreadable],
  };
}

const nameOf = ({ sanction, position, epoch }: SubjectPlace): string =>
  `${sanction} ${position} ${epoch}`;

/** An amendment shortens a life. */
const isMoved = (before: ListedSubject | undefined, { until }: ListedSubject): boolean =>
  before !== undefined && before.until.getTime() !== until.getTime();

/** Undefined where the vault does not open it. */
function maskedBy(vault: Vault, subject: LiveSubject): ListedSubject | undefined {
  const { sanction, position, epoch, until } = subject;
  try {
    const { token } = vault
      .openCase(subject)
      .openJson(subject.sealed, placeOf('subjects.sealed', subject)) as { token: string };
    const prefix = prefixOf(fromBase64url(token), mostPrefixBits);
    return { sanction, position, epoch, until, masked: masking(vault, subject, prefix) };
  } catch (error) {
    if (error instanceof RegistryError) return undefined;
    throw error;
  }
}

const masking = (vault: Vault, place: SubjectPlace, bits: number): number =>
  (vault.maskOf(place) ^ bits) >>> 0;

/** The first 32 bits of the token. */
export const unmasked = (vault: Vault, row: ListedSubject): number =>
  masking(vault, row, row.masked);
