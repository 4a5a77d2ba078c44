import type { BookContent, BookName, Id } from '@recourse/protocol';
import { isRecourseError, RecourseError } from '../errors.ts';
import type { Operations } from '../operations.ts';
import type { Session } from '../session/session.ts';
import type { CallOptions } from '../transport/transport.ts';
import type { ChangeOptions, OpenedBook } from './books.ts';
import type { Colleagues } from './colleagues.ts';
import type { OpenOptions } from './exchange.ts';
import type { JournalEntry, JournalSharing } from './journal-entry.ts';

/** The shared journal of a record, as far as the own key opens it. */
export type OpenedJournal =
  | (JournalEntry & {
      /** It was signed by a colleague for this record */
      readonly state: 'open';
    })
  | {
      /** `none`: nobody shared it. `sealed-before`: sealed to keys of others, before this one was published */
      readonly state: 'none' | 'sealed-before';
    };

type OwnOperations = Operations['journals'];

/** Journals that trust holders of one platform share. The registry keeps them sealed, and reads none. */
export interface Journals extends OwnOperations {
  /**
   * Makes the sealing key of the own trust key and publishes it, once. What colleagues share from then on is sealed to it.
   * @throws RecourseError `sealing-key-missing` without a store for it, `signer-missing` without a trust key
   */
  join(options?: CallOptions): Promise<void>;
  /**
   * Signs what an appeal will need of an own record, and seals it to all trust keys of the platform.
   * @returns how many colleagues can open it; with none nothing is sent
   * @throws RecourseError `state-conflict` once the record has ended; `journal-invalid` for a key that no colleague signed
   */
  share(sanction: Id<'snc'>, entry: JournalEntry, options?: CallOptions): Promise<number>;
  /** Shares where there is a store of sealing keys, and never fails. A submission calls it. */
  tryShare(
    sanction: Id<'snc'>,
    entry: JournalEntry,
    options?: CallOptions,
  ): Promise<JournalSharing['shared']>;
  /**
   * Opens the newest version that colleagues shared and that `fits`; without one that does, the newest. Verifies who signed
   * it, and that it is of this record. Seals it anew where a colleague has joined since.
   * @throws RecourseError `journal-invalid`, `not-found`
   */
  open(sanction: Id<'snc'>, options?: OpenOptions): Promise<OpenedJournal>;
  /**
   * Opens a book that the trust keys of the platform share: `names` of people, or `work`. Verifies that a trust key of the
   * platform signed it, an admin key for names.
   * @throws RecourseError `journal-invalid`, `chain-invalid`
   */
  openBook<N extends BookName>(book: N, options?: CallOptions): Promise<OpenedBook<N>>;
  /**
   * Signs and seals a changed book. `change` gets what colleagues wrote last, and is called again where one writes in between.
   * @returns what stands in it now
   * @throws RecourseError `state-conflict` where the own key does not open it, unless `anew`; `role-not-allowed` for names without an admin key
   */
  changeBook<N extends BookName>(
    book: N,
    change: (content: BookContent<N>) => BookContent<N>,
    options?: ChangeOptions,
  ): Promise<BookContent<N>>;
}

/** The code that seals is loaded at first use. */
export function journalsOver(session: Session, operations: OwnOperations): Journals {
  let made: Colleagues | undefined;
  const opened = async () => {
    const { Colleagues } = await import('./colleagues.ts');
    made ??= new Colleagues(session);
    return { session, colleagues: made };
  };
  const share: Journals['share'] = async (sanction, entry, options) => {
    const { shareJournal } = await import('./exchange.ts');
    return shareJournal(await opened(), { sanction, entry }, options);
  };
  return {
    ...operations,
    join: async (options) => {
      const { colleagues } = await opened();
      await colleagues.keys({ ...options, anew: true });
    },
    share,
    tryShare: async (sanction, entry, options) => {
      if (!session.sealingKeys || !session.signers.trust) return { colleagues: 0 };
      try {
        return { colleagues: await share(sanction, entry, options) };
      } catch (cause) {
        const error = isRecourseError(cause) ? cause : new RecourseError('unavailable', { cause });
        return { colleagues: 0, error };
      }
    },
    openBook: async (book, options) => {
      const { openBook } = await import('./books.ts');
      return openBook(await opened(), book, options);
    },
    changeBook: async (book, change, options) => {
      const { changeBook } = await import('./books.ts');
      return changeBook(await opened(), { book, change }, options);
    },
    open: async (sanction, options) => {
      const { openJournal } = await import('./exchange.ts');
      const journal = await openJournal(await opened(), sanction, options);
      if (typeof journal === 'string') return { state: journal };
      const { caseCode, account, identifiers, evidence } = journal;
      return { state: 'open', caseCode, account, identifiers, evidence };
    },
  };
}
