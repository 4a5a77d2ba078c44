import {
  subjectPath,
  toNumericDate,
  toTimestamp,
  type Corroboration,
  type Id,
  type Match,
  type MatchAdvice,
} from '@recourse/protocol';
import { answersFrom } from '@recourse/protocol/review';
import type { NewMatch, ShownRecord } from '../../commit/effects.ts';
import { isDisputedAt } from '../../records/life.rules.ts';
import { placeOf, type CaseKey } from '../../vault/vault.ts';
import { isReasonWithheld } from './answer.rules.ts';
import type { AskedCheck, FoundRecord } from './store.ts';

/** The disclosure of one record of an answer. */
export interface Disclosure {
  readonly record: FoundRecord;
  readonly caseKey: CaseKey;
  readonly corroboration: Corroboration;
  readonly match: Id<'mat'>;
  readonly advice: MatchAdvice;
}

/** The match as the asking platform reads it: the whole statement, and of the subjects the one it asked about. */
export function toMatch(
  { record, caseKey, corroboration, match, advice }: Disclosure,
  now: Date,
): Match {
  const { life } = record;
  return {
    match,
    token: record.token,
    sanction: record.sanction,
    advice,
    ...(isReasonWithheld(record, now) ? {} : reasonOf(record, caseKey)),
    disputed: isDisputedAt(life, now),
    since: toTimestamp(answersFrom(life.visibleFrom, life.appeal) ?? life.expiresAt),
    version: record.version,
    expiresAt: toTimestamp(earlier(life.expiresAt, record.matchesUntil)),
    corroboration,
    priorMatch: record.priorMatch,
  };
}

function reasonOf(
  record: FoundRecord,
  caseKey: CaseKey,
): Pick<Match, 'statement' | 'leaf' | 'subjectsUpdate' | 'amendment'> {
  const { salt } = caseKey.openJson(record.sealed, placeOf('subjects.sealed', record)) as {
    salt: string;
  };
  return {
    statement: record.statement,
    leaf: {
      index: record.position,
      epoch: record.epoch,
      kind: record.kind,
      control: record.control,
      provenAt: toNumericDate(record.provenAt),
      salt,
      path: subjectPath(record.commitments, record.position),
    },
    ...(record.subjectsUpdate === null ? {} : { subjectsUpdate: record.subjectsUpdate }),
    ...(record.amendment === null ? {} : { amendment: record.amendment }),
  };
}

/**
 * The sanctions an answer rests on, to be locked and compared before it leaves: those it shows, and those
 * they evade, whose end is theirs.
 */
export function restsOn(records: readonly FoundRecord[]): ShownRecord[] {
  const shown = records.flatMap((record) => [
    { sanction: record.sanction, version: record.version },
    ...record.evaded.map(({ sanction, version }) => ({ sanction, version })),
  ]);
  return distinctBy(shown, ({ sanction }) => sanction);
}

/** The matches that were not told by this check before: one a sanction, whichever tokens met it. */
export function newMatches(
  disclosing: readonly Disclosure[],
  { check, party, toldAt, dueAt }: { check: AskedCheck; party: string; toldAt: Date; dueAt: Date },
): NewMatch[] {
  const untold = disclosing.filter(({ record }) => record.match === null);
  return distinctBy(untold, ({ record }) => record.sanction).map(({ record, match, advice }) => ({
    id: match,
    advice,
    check: check.id,
    party,
    sanction: record.sanction,
    version: record.version,
    purpose: check.purpose,
    toldAt,
    dueAt,
    firstDisclosure: !record.disclosed,
  }));
}

/** The first of each key, in order. */
function distinctBy<T>(list: readonly T[], key: (item: T) => string): T[] {
  const seen = new Set<string>();
  return list.filter((item) => !seen.has(key(item)) && seen.add(key(item)));
}

const earlier = (a: Date, b: Date): Date => (a < b ? a : b);
