import { readEntry } from '@recourse/protocol';
import type { Db } from '../../kernel/database.ts';
import { aboutOf, type ComparedRow, type Kind, type ReadEntry } from '../entries/comparison.ts';
import type { FoundDifference } from '../entries/difference.ts';
import { kinds } from '../entries/kinds.ts';
import type { Scope } from '../entries/scope.ts';
import { Ahead, numbered, type Line, type Spool, type Spools } from '../entries/spool.ts';

/** How much was compared of one kind of thing. */
export interface ComparedKind {
  readonly table: string;
  readonly rows: number;
  readonly entries: number;
}

/** Of all entries that were taken about one kind. */
interface Taken {
  entries: number;
  newestAt: string;
  /** Nothing that was taken before this one has a row any more */
  forgotten: string;
}

/**
 * Compares the rows of each kind with the entries about it: what entries say is sorted, and what rows say, and both are
 * read beside each other. Takes no more memory for more of them.
 */
export class KindsComparison {
  readonly #spools: Spools;
  /** Kind, key, number, index and time of each thing that an entry says */
  readonly #said: Spool;
  /** Kind, what it is about, number, key, index and time of each thing of which the newest counts alone */
  readonly #instead: Spool;
  readonly #taken: readonly Taken[] = kinds.map(() => ({
    entries: 0,
    newestAt: '',
    forgotten: '',
  }));
  #number = 0;

  constructor(spools: Spools) {
    this.#spools = spools;
    this.#said = spools.spool();
    this.#instead = spools.spool();
  }

  /** Public entries come in the order of the log, those of cases in none. @returns whether it is about any kind */
  take(entry: ReadEntry): boolean {
    // Each is asked: an entry may be about several.
    return kinds.filter((kind, place) => this.#take(place, kind, entry)).length > 0;
  }

  #take(place: number, kind: Kind, entry: ReadEntry): boolean {
    const said = readEntry(kind.said, entry) ?? [];
    if (said.length === 0) return false;
    const taken = this.#taken[place]!;
    taken.entries++;
    if (entry.at > taken.newestAt) taken.newestAt = entry.at;
    for (const { key, instead, forgets } of said) {
      const number = numbered(this.#number++);
      const where = [numbered(entry.index), entry.at] as const;
      if (forgets) taken.forgotten = number;
      if (instead !== undefined)
        this.#instead.add(numbered(place), instead, number, key ?? '', ...where);
      else if (key !== undefined) this.#said.add(numbered(place), key, number, ...where);
    }
    return true;
  }

  /** @param lost the cases whose openings cannot be read */
  async *differences(
    db: Db,
    { lost, cases, onTable }: { lost: Spool; cases: Scope; onTable: (table: string) => void },
  ): AsyncGenerator<FoundDifference, ComparedKind[], undefined> {
    this.#keepNewest();
    const said = new Ahead(this.#said.sorted());
    const done: ComparedKind[] = [];
    for (const [place, kind] of kinds.entries()) {
      onTable(kind.table);
      const rows = this.#spools.spool();
      const count = await spoolRows(kind.rows(db, cases), rows);
      const found = this.#compare(place, { kind, said, rows: new Ahead(rows.sorted()), lost });
      for (const [, , code, about, key] of found.sorted())
        yield differenceOf(kind.table, { code: code!, about: about!, key: key! });
      done.push({ table: kind.table, rows: count, entries: this.#taken[place]!.entries });
    }
    return done;
  }

  /** Of all that is about one thing the last one stays, unless it takes back what was said. */
  #keepNewest(): void {
    let last: readonly string[] | undefined;
    const keep = (): void => {
      const [place = '', , number = '', key = '', index = '', at = ''] = last ?? [];
      if (key !== '') this.#said.add(place, key, number, index, at);
    };
    for (const line of this.#instead.sorted()) {
      if (last && (last[0] !== line[0] || last[1] !== line[1])) keep();
      last = line;
    }
    keep();
  }

  /** @returns differences of rows in the order of these, then those of entries */
  #compare(
    place: number,
    { kind, said, rows, lost }: { kind: Kind; said: Ahead; rows: Ahead; lost: Spool },
  ): Spool {
    const found = this.#spools.spool();
    const loose = this.#spools.spool();
    const entries = new Ahead(sectionOf(said, numbered(place), this.#taken[place]!.forgotten));
    for (;;) {
      const order = orderOf(entries.next, rows.next);
      if (order === undefined) break;
      const entry = order <= 0 ? entries.take() : undefined;
      const row = order >= 0 ? rows.take() : undefined;
      if (entry && !row) this.#keepEntry(entry, { place, kind, found });
      if (row && !entry) keepRow(row, { found, loose });
    }
    if (loose.size > 0) keepFound(loose, { lost, found });
    return found;
  }

  #keepEntry(
    [key = '', number = '', index = '', at = '']: Line,
    { place, kind, found }: { place: number; kind: Kind; found: Spool },
  ): void {
    if (!this.#isPast(place, kind, at)) found.add('1', number, 'entry', index, key);
  }

  #isPast(place: number, { keptDays = Infinity }: Kind, at: string): boolean {
    return Date.parse(this.#taken[place]!.newestAt) - Date.parse(at) > keptDays * 86_400_000;
  }
}

/** What entries say about one kind, of what nothing has taken back since: key, number, index and time. */
function* sectionOf(said: Ahead, place: string, forgotten: string): Generator<Line, undefined> {
  while (said.next?.[0] === place) {
    const [, ...line] = said.take();
    if (line[1]! >= forgotten) yield line;
  }
  return undefined;
}

/** Which of two lines comes first by its key: below 0 the one, above 0 the other, 0 both; none where there is none. */
function orderOf(one: Line | undefined, other: Line | undefined): number | undefined {
  if (!one || !other) return one ? -1 : other && 1;
  if (one[0] === other[0]) return 0;
  return one[0]! < other[0]! ? -1 : 1;
}

function keepRow(
  [key = '', number = '', id = '', sanction = '']: Line,
  { found, loose }: { found: Spool; loose: Spool },
): void {
  if (sanction === '') found.add('0', number, 'row', id, key);
  else loose.add(sanction, number, id, key);
}

async function spoolRows(compared: AsyncIterable<ComparedRow>, rows: Spool): Promise<number> {
  let count = 0;
  for await (const { id, keys, sanction = '' } of compared) {
    count++;
    for (const key of keys) rows.add(key, numbered(rows.size), id, sanction);
  }
  return count;
}

/** Where openings of a case are lost, nothing can be said of its rows. */
function keepFound(loose: Spool, { lost, found }: { lost: Spool; found: Spool }): void {
  const cases = new Ahead(lost.sorted());
  for (const [sanction = '', number = '', id = '', key = ''] of loose.sorted()) {
    while (cases.next && cases.next[0]! < sanction) cases.take();
    if (cases.next?.[0] !== sanction) found.add('0', number, 'row', id, key);
  }
}

const differenceOf = (
  table: string,
  { code, about, key }: { code: string; about: string; key: string },
): FoundDifference =>
  code === 'row'
    ? { code: 'row-not-logged', table, id: about, what: aboutOf(key), says: key }
    : {
        code: 'entry-without-row',
        table,
        index: Number(about),
        what: aboutOf(key),
        says: key,
      };
