import { BlindError } from '../errors.ts';
import { entriesPerSlice, type Sliced } from './slices.ts';
import { pageOf, PageWriter, type Page } from './page.ts';

/** What leaves a set, by its place in it, and what comes, both ascending. */
export interface Replacement {
  readonly removals: Uint32Array;
  readonly additions: Uint32Array;
}

/**
 * The pages of a set after a replacement; a page that nothing leaves or comes to stays the same object.
 * @throws BlindError `prefixes-invalid` for a prefix that comes and is there already, one that leaves too
 */
export function* mergePages(
  pages: readonly Page[],
  { removals, additions }: Replacement,
): Sliced<Page[]> {
  const writer = new PageWriter();
  const merged: Page[] = [];
  let [base, removed, added, since] = [0, 0, 0, 0];
  for (const [index, page] of pages.entries()) {
    const goneTo = firstFrom(removals, {
      from: removed,
      isOver: (place) => place >= base + page.size,
    });
    const comeTo = firstFrom(additions, {
      from: added,
      isOver: (prefix) => pageOf(prefix) > index,
    });
    const gone = removals.subarray(removed, goneTo);
    const come = additions.subarray(added, comeTo);
    if (gone.length + come.length === 0) merged.push(page);
    else {
      mergePage(writer, { page, index, base, gone, come });
      merged.push(writer.finish());
      since += page.size + come.length;
    }
    [base, removed, added] = [base + page.size, goneTo, comeTo];
    if (since >= entriesPerSlice) {
      since = 0;
      yield;
    }
  }
  return merged;
}

interface PageMerge {
  readonly page: Page;
  readonly index: number;
  /** Entries of the pages before it */
  readonly base: number;
  readonly gone: Uint32Array;
  readonly come: Uint32Array;
}

function mergePage(writer: PageWriter, { page, index, base, gone, come }: PageMerge): void {
  const before = new Uint32Array(page.size);
  page.read(before, { index, from: 0 });
  let [removed, added] = [0, 0];
  for (const [place, prefix] of before.entries()) {
    while (added < come.length && come[added]! < prefix) writer.add(come[added++]!);
    // Attacker-controlled: an entry that comes twice, or leaves to come back, would be a second spelling.
    if (come[added] === prefix) throw new BlindError('prefixes-invalid', 'already there');
    if (gone[removed] === base + place) removed++;
    else writer.add(prefix);
  }
  while (added < come.length) writer.add(come[added++]!);
}

/** The first place from one on that is over something: ascending lists are over it from there on. */
function firstFrom(
  list: Uint32Array,
  { from, isOver }: { from: number; isOver: (entry: number) => boolean },
): number {
  let [low, high] = [from, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isOver(list[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
