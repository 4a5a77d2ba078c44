import { hashText, recallsOwed, type Json, type Opening } from '@recourse/protocol';
import { VerifyError, type Finding, type VerifyErrorCode } from './errors.ts';
import type { CaseReceipt } from './case-receipt.ts';

/** An opened entry with its place in the ledger. */
export interface PlacedOpening {
  readonly index: number;
  readonly opening: Opening;
}

export interface CaseRecall {
  readonly party: string;
  readonly kind: string;
  readonly issuedAt: string;
  readonly acknowledgedAt?: string;
  readonly action?: string;
  /** A later recall of the same platform took its place */
  readonly superseded?: true;
}

export interface CaseLife {
  readonly state: string;
  readonly recalls: readonly CaseRecall[];
  /** Recalls that the entries count and the receipt does not open: of platforms that its holder may not read */
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
 * The life of a case from its entries in the order of the ledger, and that the receipt tells no other.
 * @throws VerifyError `case-mismatch`, `recalls-mismatch`, `acknowledgement-forged`
 */
export function caseLife(placed: readonly PlacedOpening[], receipt: CaseReceipt): CaseLife {
  const story = new Story();
  for (const one of placed) story.take(one);
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
  readonly #open = new Map<string, { readonly id: Json | undefined; readonly recall: Recall }>();
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
    this.#step(entry.type, opening.detail);
  }

  #step(type: string, detail: Opening['detail']): void {
    if (type === 'sanction-submitted') this.#isSubmitted = true;
    if (type === 'sanction-visible') this.#isVisible = true;
    if (type === 'sanction-suspended') this.#isSuspended = true;
    if (type === 'sanction-reinstated') this.#isSuspended = false;
    if (type === 'sanction-ended') this.#ended = textOf(detail, 'kind');
  }

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

  #takePair(index: number, { entry, party, detail }: Opening & { party: string }): void {
    if (!('pair' in entry)) return;
    const { type, at, pair } = entry;
    if (type === 'sanction-disclosed') {
      // Nobody is told of what is held, whether or not that it is visible was written down before.
      this.#isVisible = true;
      this.#told.add(party);
    }
    if (type === 'recall-issued') {
      this.#run.push({ index, pair, party });
      const before = this.#open.get(party);
      if (before) before.recall.superseded = true;
      const recall = {
        party,
        kind: textOf(detail, 'kind'),
        issuedAt: at,
      };
      this.recalls.push(recall);
      this.#open.set(party, { id: detail?.['recall'], recall });
    }
    if (type === 'recall-acknowledged') this.#acknowledge(index, { party, at, detail });
  }

  #acknowledge(index: number, of: { party: string; at: string; detail: Opening['detail'] }): void {
    const { party, at, detail } = of;
    const open = this.#open.get(party);
    if (open === undefined || open.id !== detail?.['recall']) {
      this.findings.push({ code: 'acknowledgement-forged', index });
      return;
    }
    this.#open.delete(party);
    Object.assign(open.recall, { acknowledgedAt: at, action: textOf(detail, 'action') });
  }
}

function textOf(detail: Opening['detail'], member: string): string {
  const value = detail?.[member];
  return typeof value === 'string' ? value : '';
}

/** Statement and appeals are in the receipt and in the entries. */
function compare(placed: readonly PlacedOpening[], receipt: CaseReceipt): Finding[] {
  const { statement, appeals } = receipt;
  const findings: Finding[] = [];
  const detailsOf = (type: string) =>
    placed
      .filter(({ opening }) => opening.entry.type === type)
      .map(({ index, opening }) => ({ index, detail: opening.detail ?? {} }));
  const [submitted] = detailsOf('sanction-submitted');
  if (statement !== undefined && submitted?.detail['statement'] !== hashText(statement)) {
    findings.push({ code: 'case-mismatch', ...(submitted ? { index: submitted.index } : {}) });
  }
  const opened = detailsOf('appeal-opened');
  for (const { index, detail } of opened) {
    const told = appeals.find(({ appeal }) => appeal === detail['appeal']);
    if (told?.ground !== detail['ground']) findings.push({ code: 'case-mismatch', index });
  }
  const decided = detailsOf('appeal-decided');
  for (const { appeal, outcome } of appeals) {
    const isOpened = opened.some(({ detail }) => detail['appeal'] === appeal);
    const said = decided.find(({ detail }) => detail['appeal'] === appeal)?.detail['outcome'];
    if (!isOpened || said !== outcome) findings.push({ code: 'case-mismatch' });
  }
  return findings;
}
