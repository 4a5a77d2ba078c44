import { EvidenceCommitment, isId, type Id } from '@recourse/protocol';
import {
  isRecourseError,
  type EvidenceOpening,
  type JournalEntry,
  type Recourse,
  type RecourseError,
} from '@recourse/sdk';
import type { OpenPerson } from '../identity/person.ts';
import { sealedStore } from '../identity/sealed-store.ts';

/** An entry of one record, and its source: this browser, a colleague who shared it, or none. */
export type KnownEntry =
  | {
      readonly from: 'here';
      readonly entry: JournalEntry;
      /** Why no colleague has it; `nobody` published a key yet */
      readonly unshared: RecourseError | 'nobody' | undefined;
    }
  | { readonly from: 'colleague'; readonly entry: JournalEntry }
  | { readonly from: 'nowhere'; readonly why: 'none' | 'sealed-before' };

export const entryIn = (known: KnownEntry): JournalEntry | undefined =>
  known.from === 'nowhere' ? undefined : known.entry;

/** Sealed in this browser: entries by record, files by their commitment. */
export function journalOf(person: OpenPerson) {
  const entries = sealedStore(person, 'journal');
  const files = sealedStore(person, 'evidence');
  return {
    load: (sanction: string) => entries.load<JournalEntry>(sanction),
    /** Files stand in the order of the openings. */
    async keep(
      sanction: string,
      entry: JournalEntry,
      sources: readonly (File | undefined)[],
    ): Promise<void> {
      await entries.save(sanction, entry);
      for (const [at, { commitment }] of entry.evidence.entries()) {
        const file = sources[at];
        if (file) await files.saveBytes(commitment, new Uint8Array(await file.arrayBuffer()));
      }
    },
    file: (commitment: string) => files.loadBytes(commitment),
    /** Records that have an identifier; many are opened at a time, since there may be thousands. */
    async sanctionsOf(identifier: string): Promise<Id<'snc'>[]> {
      const ids = (await entries.names()).filter((name) => isId('snc', name));
      const found: Id<'snc'>[] = [];
      for (let at = 0; at < ids.length; at += openedAtOnce) {
        const some = ids.slice(at, at + openedAtOnce);
        const opened = await Promise.all(some.map((id) => entries.load<JournalEntry>(id)));
        found.push(...some.filter((_, index) => has(opened[index], identifier)));
      }
      return found;
    },
  };
}

/**
 * Keeps the complaint behind a home reversal, beside what this browser has of the record. Colleagues do not get it: a
 * record that has ended is shared no more.
 */
export async function keepComplaint(
  person: OpenPerson,
  sanction: Id<'snc'>,
  { opening, file }: { opening: EvidenceOpening; file: File },
): Promise<void> {
  const journal = journalOf(person);
  const entry = (await journal.load(sanction)) ?? { evidence: [] };
  const evidence = [...entry.evidence, opening];
  const sources = evidence.map((one) => (one === opening ? file : undefined));
  await journal.keep(sanction, { ...entry, evidence }, sources);
}

/**
 * Loads what this browser kept of a record, else what a colleague shared. What it kept is shared now, where nobody has
 * it: the sharing failed when the record was made, or nobody was there.
 */
export async function loadEntry(
  { person, recourse }: { person: OpenPerson; recourse: Recourse },
  sanction: Id<'snc'>,
): Promise<KnownEntry> {
  const entry = await journalOf(person).load(sanction);
  if (entry) return { from: 'here', entry, unshared: await shareAgain(recourse, sanction, entry) };
  const shared = await recourse.journals.open(sanction);
  return shared.state === 'open'
    ? { from: 'colleague', entry: shared }
    : { from: 'nowhere', why: shared.state };
}

async function shareAgain(
  { journals }: Recourse,
  sanction: Id<'snc'>,
  entry: JournalEntry,
): Promise<RecourseError | 'nobody' | undefined> {
  try {
    // Opened by its author, it is sealed anew to whoever has joined.
    if ((await journals.open(sanction)).state === 'open') return undefined;
  } catch (error) {
    if (!isRecourseError(error)) throw error;
    return error;
  }
  const { colleagues, error } = await journals.tryShare(sanction, entry);
  return error ?? (colleagues === 0 ? 'nobody' : undefined);
}

const openedAtOnce = 200;

const has = (entry: JournalEntry | undefined, identifier: string): boolean =>
  entry?.identifiers?.some(({ value }) => value === identifier) === true;

/** Whether a file is the one that was committed to. */
export const opens = (bytes: Uint8Array, { salt, commitment }: EvidenceOpening): boolean =>
  new EvidenceCommitment(salt).update(bytes).digest() === commitment;
