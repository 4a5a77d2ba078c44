import {
  detailOf,
  readEntry,
  reasonCodes,
  toTimestamp,
  type EntryDetail,
  type EntryReaders,
  type ReasonCode,
} from '@recourse/protocol';
import { dueAt } from '@recourse/protocol/review';
import type { ReadEntry } from '../entries/comparison.ts';
import { daysBetween, monthOf } from './periods.ts';
import type { Happening } from './tally.ts';

/** A record as its entries so far left it. */
interface CaseFold {
  readonly party: string;
  readonly reason: ReasonCode;
  readonly recallHours: number;
  visibleAt?: string | undefined;
  /** When its open appeal was opened */
  appealAt?: string | undefined;
  /** When each recall was issued */
  readonly recalls: Map<string, string>;
  /** True for each appeal that was decided against the record, false for others that were decided */
  readonly decided: Map<string, boolean>;
  /** The first decision for each inspection that decides again */
  readonly again: Map<string, boolean>;
  /** Inspections of a home reversal */
  readonly complaints: Set<string>;
  /** Inspections by which a second reviewer may confirm the cause of a reversal */
  readonly causes: Set<string>;
}

type CaseHappening = Pick<Happening, 'figure' | 'days'> & { readonly party?: string };

/**
 * Reads from the entries of one record, in the order of the log, what happened: nothing is read but the log and what
 * opens it.
 * @param bounds `recallHours` in which a recall is to be acknowledged
 */
export function foldCase(
  entries: readonly ReadEntry[],
  bounds: { recallHours: number },
): Happening[] {
  let known: CaseFold | undefined;
  const happened: Happening[] = [];
  for (const entry of entries) {
    known ??= submitted(entry, bounds.recallHours);
    // An entry of a record of which the log does not say what it is: nothing can be counted.
    if (!known) continue;
    const { party, reason } = known;
    const { effective } = entry.detail;
    const at = typeof effective === 'string' ? effective : entry.at;
    for (const said of readEntry(readers, entry, known) ?? [])
      happened.push({ party, reason, period: monthOf(at), ...said });
  }
  return happened;
}

/** Time alone brought it about before somebody wrote it down. */
const effectiveOf = (detail: { effective?: string | undefined }, { at }: ReadEntry): string =>
  detail.effective ?? at;

function submitted(entry: ReadEntry, recallHours: number): CaseFold | undefined {
  const { party, reason: stated } = detailOf('sanction-submitted', entry) ?? {};
  const reason = reasonCodes.find((code) => code === stated);
  if (party === undefined || !reason) return undefined;
  return {
    party,
    reason,
    recallHours,
    recalls: new Map(),
    decided: new Map(),
    again: new Map(),
    complaints: new Set(),
    causes: new Set(),
  };
}

const readers: EntryReaders<ReadEntry, CaseHappening[], [known: CaseFold]> = {
  'sanction-submitted': ({ priorMatch }) => [
    { figure: 'submitted' },
    ...(priorMatch === true ? [{ figure: 'prior-match' }] : []),
  ],
  'notice-delivered': ({ result }) =>
    result === 'unsent' ? [] : [{ figure: `notice.${result === 'taken' ? 'delivered' : result}` }],
  'notice-stated': () => [{ figure: 'notice.stated' }],
  'sanction-visible': (detail, entry, known) => {
    known.visibleAt ??= effectiveOf(detail, entry);
    return [];
  },
  'sanction-disclosed': () => [{ figure: 'disclosed' }],
  'appeal-opened': ({ ground }, { at }, known) => {
    known.appealAt = at;
    return [{ figure: `appealed.${ground}` }];
  },
  recused: () => [{ figure: 'recused' }],
  'appeal-decided': decided,
  finding: ({ cause }, _, known) => closed(known, `finding.${cause}`),
  'sanction-ended': ended,
  'recall-issued': ({ recall, kind }, { at, party }, known) => {
    known.recalls.set(recall, at);
    return [{ figure: `recall.issued-${kind}`, ...of(party) }];
  },
  'recall-acknowledged': acknowledged,
  'recall-overdue': (_, { party }) => [{ figure: 'recall.overdue', ...of(party) }],
  'inspection-opened': inspected,
  'inspection-closed': inspectionOver,
};

function inspected(
  { item, appeal, why }: EntryDetail<'inspection-opened'>,
  _: ReadEntry,
  known: CaseFold,
): CaseHappening[] {
  if (why === 'home-reversal') {
    known.complaints.add(item);
    return [{ figure: 'home-reversal.drawn' }];
  }
  if (appeal === undefined) return [{ figure: 'inspection.drawn' }];
  if (why === 'cause') {
    known.causes.add(item);
    return [{ figure: 'cause.asked' }];
  }
  known.again.set(item, known.decided.get(appeal) === true);
  return [{ figure: 'again.drawn' }];
}

function inspectionOver(
  { item, as, outcome, cause }: EntryDetail<'inspection-closed'>,
  _: ReadEntry,
  known: CaseFold,
): CaseHappening[] {
  if (known.causes.has(item)) return cause === undefined ? [] : [{ figure: `cause.${cause}` }];
  const wasReversed = known.again.get(item);
  const group = known.complaints.has(item) ? 'home-reversal' : 'inspection';
  if (wasReversed === undefined) return [{ figure: `${group}.${outcome ?? 'moot'}` }];
  return [{ figure: `again.${againOf({ as, outcome, wasReversed })}` }];
}

/** A decision that was made again: the same, another, or none. */
function againOf(decision: {
  as: string;
  outcome: string | undefined;
  wasReversed: boolean;
}): string {
  const { as, outcome, wasReversed } = decision;
  if (outcome === undefined) return as === 'undecided' ? 'lapsed' : 'moot';
  if (as !== 'decided') return 'undelivered';
  return (outcome === 'failed') === wasReversed ? 'agreed' : 'differed';
}

const of = (party: string | undefined): { party?: string } =>
  party === undefined ? {} : { party };

function decided(
  detail: EntryDetail<'appeal-decided'>,
  entry: ReadEntry,
  known: CaseFold,
): CaseHappening[] {
  const { appeal, as, outcome = '', cause = '' } = detail;
  const { appealAt } = known;
  if (as !== 'decided') return closed(known, as);
  const isWrong = outcome === 'reversed' || outcome === 'finding';
  known.decided.set(appeal, isWrong);
  const took =
    appealAt === undefined
      ? []
      : [{ figure: 'decision', days: daysBetween(appealAt, effectiveOf(detail, entry)) }];
  return [...closed(known, `${outcome}${isWrong ? `.${cause}` : ''}`), ...took];
}

/** Closes an appeal. What comes after a decision is its consequence, and closes nothing. */
function closed(known: CaseFold, outcome: string): CaseHappening[] {
  if (known.appealAt === undefined) return [];
  known.appealAt = undefined;
  return [{ figure: `outcome.${outcome}` }];
}

/** An expiry closes no appeal: it goes on, to a finding. */
function ended(
  detail: EntryDetail<'sanction-ended'>,
  entry: ReadEntry,
  known: CaseFold,
): CaseHappening[] {
  const { kind, cause = '' } = detail;
  if (kind === 'expired') return [];
  const { visibleAt } = known;
  return [
    ...closed(known, kind === 'undecided' ? 'undecided' : `reversed.${cause}`),
    ...(cause === 'no-notice' ? [{ figure: 'notice.missing' }] : []),
    ...(kind === 'reversed' && visibleAt !== undefined
      ? [{ figure: 'listed', days: daysBetween(visibleAt, effectiveOf(detail, entry)) }]
      : []),
  ];
}

function acknowledged(
  { recall, action }: EntryDetail<'recall-acknowledged'>,
  { at, party }: ReadEntry,
  known: CaseFold,
): CaseHappening[] {
  const issuedAt = known.recalls.get(recall);
  if (issuedAt === undefined) return [];
  const isLate = at > toTimestamp(dueAt(new Date(issuedAt), known.recallHours));
  return [{ figure: `recall.${action}${isLate ? '-late' : ''}`, ...of(party) }];
}
