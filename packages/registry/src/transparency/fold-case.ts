import { reasonCodes, toTimestamp, type ReasonCode } from '@recourse/protocol';
import { dueAt } from '../bounds.ts';
import { textOf, type ReadEntry } from '../ledger/doctor/comparison.ts';
import { daysBetween, monthOf } from './periods.ts';
import type { Happening } from './tally.ts';

/** A record as its entries so far left it. */
interface Known {
  readonly party: string;
  readonly reason: ReasonCode;
  readonly recallHours: number;
  visibleAt?: string | undefined;
  /** When its open appeal was opened */
  appealAt?: string | undefined;
  /** When each recall was issued */
  readonly recalls: Map<string, string>;
  /** Whether each appeal that was decided was decided against the record */
  readonly decided: Map<string, boolean>;
  /** What was decided first, of each inspection that decides again */
  readonly again: Map<string, boolean>;
  /** The appeal of each inspection that the submitter asked for */
  readonly asked: Map<string, string>;
  /** Appeals of which one of the two would have left the record in force */
  readonly doubted: Set<string>;
}

type Said = Pick<Happening, 'figure' | 'days'> & { readonly party?: string };

/**
 * What the entries of one record, in the order of the log, say that happened: nothing is read but the log and what opens it.
 * @param of `recallHours` in which a recall is to be acknowledged
 */
export function foldCase(entries: readonly ReadEntry[], of: { recallHours: number }): Happening[] {
  let known: Known | undefined;
  const happened: Happening[] = [];
  for (const entry of entries) {
    known ??= submitted(entry, of.recallHours);
    // An entry of a record of which the log does not say what it is: nothing can be counted.
    if (!known) continue;
    const { party, reason } = known;
    const at = effective(entry);
    for (const said of readers[entry.type]?.(entry, known) ?? [])
      happened.push({ party, reason, period: monthOf(at), ...said });
  }
  return happened;
}

/** Time alone brought it about before somebody wrote it down. */
const effective = ({ at, detail }: ReadEntry): string => text(detail['effective']) ?? at;

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

function submitted({ type, detail }: ReadEntry, recallHours: number): Known | undefined {
  const party = text(detail['party']);
  const reason = reasonCodes.find((code) => code === detail['reason']);
  if (type !== 'sanction-submitted' || party === undefined || !reason) return undefined;
  return {
    party,
    reason,
    recallHours,
    recalls: new Map(),
    decided: new Map(),
    again: new Map(),
    asked: new Map(),
    doubted: new Set(),
  };
}

const readers: Readonly<Record<string, (entry: ReadEntry, known: Known) => Said[]>> = {
  'sanction-submitted': ({ detail: { notice, priorMatch } }) => [
    { figure: 'submitted' },
    ...(priorMatch === true ? [{ figure: 'prior-match' }] : []),
    ...(notice === 'due' ? [] : [{ figure: 'notice.withheld' }]),
  ],
  'notice-delivered': ({ detail: { result } }) =>
    result === 'unsent'
      ? []
      : [{ figure: `notice.${result === 'taken' ? 'delivered' : textOf(result)}` }],
  'notice-stated': () => [{ figure: 'notice.stated' }],
  'notice-reviewed': ({ detail: { confirmed } }) => [
    { figure: `notice.withheld-${confirmed === true ? 'confirmed' : 'refused'}` },
  ],
  'sanction-visible': (entry, known) => {
    known.visibleAt ??= effective(entry);
    return [];
  },
  'sanction-disclosed': () => [{ figure: 'disclosed' }],
  'appeal-opened': ({ at, detail: { ground } }, known) => {
    known.appealAt = at;
    return [{ figure: `appealed.${textOf(ground)}` }];
  },
  recused: () => [{ figure: 'recused' }],
  'appeal-decided': decided,
  finding: ({ detail: { cause } }, known) => closed(known, `finding.${textOf(cause)}`),
  'sanction-ended': ended,
  'recall-issued': ({ at, party, detail: { recall, kind } }, known) => {
    known.recalls.set(textOf(recall), at);
    return [{ figure: `recall.issued-${textOf(kind)}`, ...of(party) }];
  },
  'recall-acknowledged': acknowledged,
  'recall-overdue': ({ party }) => [{ figure: 'recall.overdue', ...of(party) }],
  'inspection-opened': ({ detail: { item, appeal, why } }, known) => {
    if (appeal === undefined) return [{ figure: 'inspection.drawn' }];
    if (why === 'asked') return asked(known, { item: textOf(item), appeal: textOf(appeal) });
    known.again.set(textOf(item), known.decided.get(textOf(appeal)) === true);
    return [{ figure: 'again.drawn' }];
  },
  'inspection-closed': ({ detail: { item, as, outcome } }, known) => {
    const appeal = known.asked.get(textOf(item));
    if (appeal !== undefined) return outcome === 'passed' ? doubted(known, appeal) : [];
    const wasReversed = known.again.get(textOf(item));
    if (wasReversed === undefined) return [{ figure: `inspection.${text(outcome) ?? 'moot'}` }];
    return [{ figure: `again.${againOf({ as, outcome, wasReversed })}` }];
  },
};

/** Two are asked about one reversal. */
function asked({ asked: items }: Known, of: { item: string; appeal: string }): Said[] {
  const isFirst = ![...items.values()].includes(of.appeal);
  items.set(of.item, of.appeal);
  return isFirst ? [{ figure: 'again.asked' }] : [];
}

function doubted({ doubted: before }: Known, appeal: string): Said[] {
  if (before.has(appeal)) return [{ figure: 'again.overturned' }];
  before.add(appeal);
  return [];
}

/** A decision that was made again: the same, another, or none. */
function againOf(of: { as: unknown; outcome: unknown; wasReversed: boolean }): string {
  const { as, outcome, wasReversed } = of;
  if (text(outcome) === undefined) return as === 'undecided' ? 'lapsed' : 'moot';
  if (as !== 'decided') return 'undelivered';
  return (outcome === 'failed') === wasReversed ? 'agreed' : 'differed';
}

const of = (party: string | undefined): { party?: string } =>
  party === undefined ? {} : { party };

function decided(entry: ReadEntry, known: Known): Said[] {
  const { appeal, as, outcome, cause } = entry.detail;
  const { appealAt } = known;
  if (as !== 'decided') return closed(known, textOf(as));
  const isWrong = outcome === 'reversed' || outcome === 'finding';
  known.decided.set(textOf(appeal), isWrong);
  const took =
    appealAt === undefined
      ? []
      : [{ figure: 'decision', days: daysBetween(appealAt, effective(entry)) }];
  return [...closed(known, `${textOf(outcome)}${isWrong ? `.${textOf(cause)}` : ''}`), ...took];
}

/** What comes after a decision is its consequence, and closes nothing. */
function closed(known: Known, outcome: string): Said[] {
  if (known.appealAt === undefined) return [];
  known.appealAt = undefined;
  return [{ figure: `outcome.${outcome}` }];
}

/** An expiry closes no appeal: it goes on, to a finding. */
function ended(entry: ReadEntry, known: Known): Said[] {
  const { kind, cause } = entry.detail;
  if (kind === 'expired') return [];
  const { visibleAt } = known;
  return [
    ...closed(known, kind === 'undecided' ? 'undecided' : `reversed.${textOf(cause)}`),
    ...(cause === 'no-notice' ? [{ figure: 'notice.missing' }] : []),
    ...(kind === 'reversed' && visibleAt !== undefined
      ? [{ figure: 'listed', days: daysBetween(visibleAt, effective(entry)) }]
      : []),
  ];
}

function acknowledged({ at, party, detail }: ReadEntry, known: Known): Said[] {
  const issuedAt = known.recalls.get(textOf(detail['recall']));
  if (issuedAt === undefined) return [];
  const isLate = at > toTimestamp(dueAt(new Date(issuedAt), known.recallHours));
  return [{ figure: `recall.${textOf(detail['action'])}${isLate ? '-late' : ''}`, ...of(party) }];
}
