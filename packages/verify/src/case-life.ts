import {
  detailOf,
  hashText,
  openedEntry,
  readEntry,
  recallsOwed,
  type EntryReaders,
  type EntryType,
  type Opening,
  type ReadableEntry,
} from '@recourse/protocol';
import { VerifyError, type Finding, type VerifyErrorCode } from './errors.ts';
import type { CaseReceipt } from './case-receipt.ts';

/** An opened entry with its place in the ledger. */
export interface PlacedOpening {
  readonly index: number;
  readonly opening: Opening;
}

/** A recall of the case, as its entries tell it. */
export interface CaseRecall {
  readonly party: string;
  readonly kind: string;
  readonly issuedAt: string;
  readonly acknowledgedAt?: string;
  readonly action?: string;
  /** A later recall of the same platform took its place */
  readonly superseded?: true;
}

/** The life of a case, as its entries tell it. */
export interface CaseLife {
  readonly state: string;
  readonly recalls: readonly CaseRecall[];
  /** Recalls that the entries count and the receipt does not open: of platforms that the claimant may not read */
  readonly recallsNotShown: number;
}

type Recall = { -readonly [K in keyof CaseRecall]: CaseRecall[K] };

const changes: ReadonlySet<string> = new Set([
  'sanction-visible',
  'sanction-suspended',
  'sanction-reinstated',
  'sanction-amended',
  'sanction-ended',
]);
/** Everyone who was told owes a recall of these; of other changes only whoever knew the record otherwise. */
const owedByAll: ReadonlySet<string> = new Set(['sanction-ended', 'finding']);

/**
 * The life of a case from its entries, in the order of the ledger. The receipt must tell the same life.
 * @throws VerifyError `case-mismatch`, `recalls-mismatch`, `acknowledgement-forged`
 */
export function caseLife(placed: readonly PlacedOpening[], receipt: CaseReceipt): CaseLife {
  const story = new Story();
  for (const entry of placed) story.take(entry);
  const findings = [...story.findings, ...compare(placed, receipt)];
  if (findings.length > 0) throw VerifyError.of(findings);
  const { state, recalls, recallsNotShown } = story;
  return { state, recalls, recallsNotShown };
}

class Story {
  readonly findings: Finding[] = [];
  #isSubmitted = false;
  #isVisible = false;
  #isSuspended = false;
  #ended: string | undefined;
  /** Platforms that were told */
  readonly #told = new Set<string>();
  readonly recalls: Recall[] = [];
  readonly #open = new Map<string, { readonly id: string; readonly recall: Recall }>();
  recallsNotShown = 0;
  /** Recalls since the last change */
  #run: { index: number; pair: string; party: string }[] = [];

  get state(): string {
    if (this.#ended !== undefined) return this.#ended;
    if (this.#isSuspended) return 'suspended';
    return this.#isVisible ? 'visible' : 'held';
  }

  take({ index, opening }: PlacedOpening): void {
    const { entry, party = '' } = opening;
    if ('pair' in entry) return this.#takePair(index, { ...opening, party });
    const causes = this.#ofCase(index, opening);
    this.findings.push(...causes.map((code) => ({ code, index })));
    readEntry(this.#steps, openedEntry(opening));
  }

  readonly #steps: EntryReaders<ReadableEntry, void> = {
    'sanction-submitted': () => {
      this.#isSubmitted = true;
    },
    'sanction-visible': () => {
      this.#isVisible = true;
    },
    'sanction-suspended': () => {
      this.#isSuspended = true;
    },
    'sanction-reinstated': () => {
      this.#isSuspended = false;
    },
    'sanction-ended': ({ kind }) => {
      this.#ended = kind;
    },
  };

  #ofCase(at: number, { entry }: Opening): VerifyErrorCode[] {
    const isFirst = entry.type === 'sanction-submitted';
    const isLate = this.#ended !== undefined && changes.has(entry.type);
    const misplaced: VerifyErrorCode[] =
      isFirst === this.#isSubmitted || isLate ? ['case-mismatch'] : [];
    if (!('ref' in entry) || entry.recalls === undefined) return misplaced;
    const isToAll = entry.cause === 'early' && owedByAll.has(entry.type);
    const fits = this.#fits(at, entry.recalls) && (!isToAll || this.#recalledAll());
    this.#run = [];
    return fits ? misplaced : [...misplaced, 'recalls-mismatch'];
  }

  /** Recalls stand directly before their change. Where all of them are shown, they have its root. */
  #fits(at: number, { count, root }: { count: number; root: string }): boolean {
    const run = this.#run;
    if (run.length > count || run.some(({ index }) => index < at - count)) return false;
    this.recallsNotShown += count - run.length;
    return run.length < count || recallsOwed(run.map(({ pair }) => pair)).root === root;
  }

  #recalledAll(): boolean {
    const recalled = new Set(this.#run.map(({ party }) => party));
    return [...this.#told].every((party) => recalled.has(party));
  }

  #takePair(index: number, opening: Opening & { party: string }): void {
    const { entry, party } = opening;
    if (!('pair' in entry)) return;
    readEntry(this.#pairSteps, openedEntry(opening), {
      index,
      party,
      at: entry.at,
      pair: entry.pair,
    });
  }

  readonly #pairSteps: EntryReaders<ReadableEntry, void, [of: Pair]> = {
    'sanction-disclosed': ({ purpose }, _entry, { party }) => {
      // No check is told of what is held, whether or not that it is visible was written down before.
      if (purpose !== 'vouching') this.#isVisible = true;
      this.#told.add(party);
    },
    'recall-issued': ({ recall: id, kind }, _entry, { index, pair, party, at }) => {
      this.#run.push({ index, pair, party });
      const before = this.#open.get(party);
      if (before) before.recall.superseded = true;
      const recall = { party, kind, issuedAt: at };
      this.recalls.push(recall);
      this.#open.set(party, { id, recall });
    },
    'recall-acknowledged': ({ recall: id, action }, _entry, { index, party, at }) => {
      const open = this.#open.get(party);
      if (open?.id !== id) {
        this.findings.push({ code: 'acknowledgement-forged', index });
        return;
      }
      this.#open.delete(party);
      Object.assign(open.recall, { acknowledgedAt: at, action });
    },
  };
}

/** Entries about one disclosure, and their places */
interface Pair {
  readonly index: number;
  readonly party: string;
  readonly at: string;
  readonly pair: string;
}

/** Statement and appeals are in the receipt and in the entries. */
function compare(placed: readonly PlacedOpening[], receipt: CaseReceipt): Finding[] {
  return [...compareStatement(placed, receipt), ...compareAppeals(placed, receipt)];
}

function detailsOf<T extends EntryType>(placed: readonly PlacedOpening[], type: T) {
  return placed
    .filter(({ opening }) => opening.entry.type === type)
    .map(({ index, opening }) => ({ index, detail: detailOf(type, openedEntry(opening)) }));
}

function compareStatement(placed: readonly PlacedOpening[], { statement }: CaseReceipt): Finding[] {
  const [submitted] = detailsOf(placed, 'sanction-submitted');
  if (statement === undefined || submitted?.detail?.statement === hashText(statement)) return [];
  return [{ code: 'case-mismatch', ...(submitted ? { index: submitted.index } : {}) }];
}

function compareAppeals(placed: readonly PlacedOpening[], { appeals }: CaseReceipt): Finding[] {
  const findings: Finding[] = [];
  const opened = detailsOf(placed, 'appeal-opened');
  for (const { index, detail } of opened) {
    const listed = appeals.find(({ appeal }) => appeal === detail?.appeal);
    if (listed?.ground !== detail?.ground) findings.push({ code: 'case-mismatch', index });
  }
  const decided = detailsOf(placed, 'appeal-decided');
  for (const { appeal, outcome } of appeals) {
    const isOpened = opened.some(({ detail }) => detail?.appeal === appeal);
    const decidedOutcome = decided.find(({ detail }) => detail?.appeal === appeal)?.detail?.outcome;
    if (!isOpened || decidedOutcome !== outcome) findings.push({ code: 'case-mismatch' });
  }
  return findings;
}
