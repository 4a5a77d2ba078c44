import {
  entryLeafHash,
  maximumMergeDelay,
  verifyOpening,
  type Entry,
  type RecallRecord,
} from '@recourse/protocol';
import { failAs, isRecourseError, RecourseError } from '../errors.ts';
import type { Operations } from '../operations.ts';
import type { Session } from '../session/session.ts';
import type { CallOptions } from '../transport/transport.ts';
import { entriesAbout, OwnFindings, unopenedOf } from './own-findings.ts';
import { isOwnAcknowledgement } from './own-acknowledgement.ts';
import { OwnLedgerError, type OwnFinding } from './own-ledger-error.ts';
import { OwnOpenings, type OwnEntry } from './own-openings.ts';
import type { ToldVersion } from '../ledger/told-disclosures.ts';

/** All verified ledger entries about the own party. */
export interface OwnReport {
  /** Entries that were opened and verified */
  readonly openings: number;

  /** Disclosures among them */
  readonly disclosures: number;

  /** Recalls among them */
  readonly recalls: number;

  /** Acknowledgements among them */
  readonly acknowledgements: number;
  /** Sanctions whose openings and calls were erased with their case: nothing about them can be verified any more */
  readonly unverifiable: readonly string[];
}

/** Facts to compare the ledger with. */
export interface VerifyOwnOptions extends CallOptions {
  /** Disclosures that the party kept itself; those that this connection saw are known */
  readonly told?: Iterable<ToldVersion> | undefined;
  /**
   * Every entry of the log, in order, verified by the caller. With it, entries that are opened to nobody are found, too
   */
  readonly log?: AsyncIterable<Entry> | undefined;
}

export interface OwnLedger {
  readonly session: Session;
  readonly operations: Pick<Operations, 'ledger' | 'recalls'>;
}

/** Seconds to wait for openings of what was done a moment ago. */
const patience = 10;
const proofsAtOnce = 8;

/**
 * Reads every ledger entry about the own party, and checks that:
 * - each opening opens its entry, which is in the log;
 * - the recalls are those of `recalls.list`;
 * - an own key signed each acknowledgement;
 * - each disclosure that the party was told of is there;
 * - with `log`, no entry about the party is opened to nobody.
 * @throws OwnLedgerError `acknowledgement-forged`, `disclosure-missing`, `opening-missing`, `recalls-differ`, `not-logged` or
 *   `commitment-invalid`, with the proof in `findings`; RecourseError if it could not be read
 */
export async function verifyOwn(
  party: OwnLedger,
  options: VerifyOwnOptions = {},
): Promise<OwnReport> {
  const { told = [], log, ...callOptions } = options;
  const own = new OwnOpenings(party.operations.ledger.openings);
  const allTold = [...party.session.told.list(), ...told];
  const recalls = await readUntilWhole(party, { own, told: allTold, callOptions });
  const about = log ? await entriesAbout(own, log) : [];
  await readUntilOpened(party, { own, about, callOptions });
  const findings = [
    ...unopenedOf(about, own),
    ...(await forgedIn(party.session, own)),
    ...new OwnFindings(own, recalls).all(allTold),
    ...(await unprovenIn(party.session, own.opened)),
  ];
  const [first, ...rest] = findings;
  if (first) throw new OwnLedgerError([first, ...rest]);
  return {
    openings: own.opened.length,
    disclosures: own.of('sanction-disclosed').length,
    recalls: own.of('recall-issued').length,
    acknowledgements: own.of('recall-acknowledged').length,
    unverifiable: [...own.erased],
  };
}

/**
 * Reads openings, and then the recalls. What was done a moment ago is opened a little later than it is answered, so
 * what is missing is looked for again before it counts.
 */
async function readUntilWhole(
  { session, operations }: OwnLedger,
  reading: { own: OwnOpenings; told: readonly ToldVersion[]; callOptions: CallOptions },
): Promise<RecallRecord[]> {
  for (let waited = 0; ; waited++) {
    await reading.own.readOn(reading.callOptions);
    const recalls = await allRecalls(operations.recalls, reading.callOptions);
    const missing = new OwnFindings(reading.own, recalls).missing(reading.told);
    if (missing.length === 0 || waited === patience) return recalls;
    await session.sleep(1_000, reading.callOptions.signal);
  }
}

/** Reads again: an entry that was logged while the log was read is opened a moment later. */
async function readUntilOpened(
  { session }: OwnLedger,
  reading: { own: OwnOpenings; about: readonly Entry[]; callOptions: CallOptions },
): Promise<void> {
  for (
    let waited = 0;
    unopenedOf(reading.about, reading.own).length > 0 && waited < patience;
    waited++
  ) {
    await session.sleep(1_000, reading.callOptions.signal);
    await reading.own.readOn(reading.callOptions);
  }
}

async function allRecalls(
  { list }: Operations['recalls'],
  options: CallOptions,
): Promise<RecallRecord[]> {
  const recalls: RecallRecord[] = [];
  const cursors = new Set<string>();
  for (let cursor: string | undefined; ;) {
    const from = cursor === undefined ? {} : { cursor };
    const page = await list({ all: true, limit: 100, ...from }, options);
    recalls.push(...page.recalls);
    cursor = page.next;
    if (cursor === undefined) return recalls;
    if (cursors.has(cursor)) throw new RecourseError('answer-invalid');
    cursors.add(cursor);
  }
}

async function forgedIn(session: Session, own: OwnOpenings): Promise<OwnFinding[]> {
  const findings: OwnFinding[] = [];
  for (const { detail: _, ...opened } of own.of('recall-acknowledged')) {
    const isOwn = await isOwnAcknowledgement(session, opened);
    if (!isOwn) findings.push({ code: 'acknowledgement-forged', ...opened });
  }
  return findings;
}

async function unprovenIn(session: Session, opened: readonly OwnEntry[]): Promise<OwnFinding[]> {
  const findings: OwnFinding[] = [];
  for (let from = 0; from < opened.length; from += proofsAtOnce) {
    const some = opened.slice(from, from + proofsAtOnce);
    const found = await Promise.all(some.map((one) => unproven(session, one)));
    findings.push(...found.flat());
  }
  return findings;
}

async function unproven(session: Session, { opening }: OwnEntry): Promise<OwnFinding[]> {
  try {
    await failAs('commitment-invalid', () => verifyOpening(opening));
    const isOfOther = opening.party !== undefined && opening.party !== session.party;
    if (isOfOther) throw new RecourseError('commitment-invalid');
    await session.ledger.prove(entryLeafHash(opening.entry), { within: maximumMergeDelay });
    return [];
  } catch (error) {
    if (isRecourseError(error, 'commitment-invalid') || isRecourseError(error, 'not-logged')) {
      return [{ code: error.code as 'commitment-invalid' | 'not-logged', opening }];
    }
    throw error;
  }
}
