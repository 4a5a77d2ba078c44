import type {
  EndCause,
  EntryDetail,
  EventType,
  HistoryCause,
  HistoryEvent,
  Id,
  RecallKind,
  SanctionEntryType,
  WithdrawalCause,
} from '@recourse/protocol';
import type { Changes } from '../commit/changes.ts';
import type { Deadlines } from '@recourse/protocol/review';
import type { Db } from '../kernel/database.ts';
import type { CaseKey, Vault } from '../vault/vault.ts';
import type { EndKind } from './life.rules.ts';
import type { SanctionRow } from './store.ts';

/** The context of a change of a record: a call's, or a job's. */
export interface TransitionContext {
  readonly db: Db;
  readonly now: Date;
  readonly changes: Changes;
  readonly services: CaseServices;
  /** A signed call has the cases whose encrypted store keeps its bytes */
  readonly retainCallFor?: Set<string>;
}

/** The services that a change of a case takes, whoever makes it. */
export interface CaseServices {
  readonly vault: Vault;
  /** Deadlines of the rules, within their bounds */
  readonly deadlines: Deadlines;
  readonly random: (bytes: number) => Uint8Array;
  readonly reactions: Reactions;
}

type StepType =
  | 'appeal-opened'
  | 'appeal-decided'
  | 'finding'
  | 'sanction-suspended'
  | 'sanction-reinstated'
  | 'sanction-amended'
  | 'sanction-ended';

/** The entry of a step, and its detail without the version and the cause. */
type StepEntry = {
  [T in StepType]: { type: T } & Omit<EntryDetail<T>, 'version' | 'cause' | 'effective'>;
}[StepType];

/** A change of a locked record, once its rows and its history say so. */
export interface RecordChange {
  /** As it was before the change */
  readonly record: LockedRecord;
  /** After the change */
  readonly version: number;
  readonly cause?: HistoryCause | undefined;
  readonly at: Date;
  readonly entry: StepEntry;
  /** The event for everyone who was told */
  readonly tell?: EventType | undefined;
  /** The recalls that an earlier reaction found to be owed */
  readonly owed?: OwedRecalls | undefined;
}

/** The recalls that a change owes. */
export interface OwedRecalls {
  /** The entry of the change says this in clear */
  readonly sum: { readonly count: number; readonly root: string };
  readonly recalls: readonly OwedRecall[];
}

export interface OwedRecall {
  readonly id: Id<'rcl'>;
  readonly party: string;
  readonly kind: RecallKind;
  readonly due_at: Date;
}

/** How a record ended before it expired. */
export interface RecordEnding {
  readonly kind: EndKind;
  readonly cause: EndCause;
  /** The party whose act, or whose missed deadline, it is */
  readonly by: string;
  /** The signed withdrawal or decision */
  readonly artefact?: string | undefined;
  /** Why the submitter conceded, where it did */
  readonly concession?: WithdrawalCause;
  /** Of a home reversal: when its platform lifted the measure, as it signed */
  readonly liftedAt?: Date | undefined;
  /** The instant it ended where a deadline ended it; now where somebody did */
  readonly at?: Date;
}

/** The things that happen to a record, with what those who react to them are given. */
export interface Happenings {
  readonly suspended: RecordChange;
  readonly reinstated: RecordChange;
  readonly amended: RecordChange;
  readonly appealOpened: RecordChange;
  readonly appealClosed: RecordChange;
  /** It had ended, and is found to have been wrong. */
  readonly foundWrong: RecordChange;
  readonly endedEarly: RecordChange & { readonly ending: RecordEnding };
  readonly expired: RecordChange;
}

/** Does one thing about a change, in its transaction. @returns what the change owes, where that is what it does */
export type Reaction<C extends RecordChange = RecordChange> = (
  ctx: TransitionContext,
  change: C,
) => Promise<OwedRecalls | void>;

/** The reactions to a change, in order: each one wholly, with the changes that it makes itself, before the next. */
export type Reactions = {
  readonly [H in keyof Happenings]: readonly Reaction<Happenings[H]>[];
};

/** A record that is locked until the commit, as it was read under its lock, and what one does with it. */
export interface LockedRecord extends SanctionRow {
  /** @throws RegistryError once the case is erased */
  readonly key: () => CaseKey;
  /** Takes a step: the record has a new version then, and everyone who reacts to it has reacted. */
  readonly transition: (step: Transition) => Promise<ChangeResult>;
  /** Writes down what leaves the record at its version. */
  readonly note: (note: Note) => Promise<void>;
  /** Keeps the bytes of this call with the case. */
  readonly retain: () => void;
  /** The record as its rows are now. */
  readonly refresh: () => Promise<LockedRecord>;
}

/** A line of the history, an entry, or both. */
export type Note = {
  readonly event?: HistoryEvent | undefined;
  readonly cause?: HistoryCause;
  /** When it came about; now where it is not said */
  readonly at?: Date;
} & (NotedEntry | { readonly entry?: undefined });

type NotedEntry = {
  [T in SanctionEntryType]: {
    readonly entry: T;
    readonly detail: Omit<EntryDetail<T>, 'effective'>;
    /** The party that may read the opening, where it is not the caller */
    readonly party?: string;
    /** A name for what is one of a kind about it: see `namedSalt` */
    readonly name?: string;
  };
}[SanctionEntryType];

export interface Transition extends Pick<RecordChange, 'cause' | 'at' | 'entry' | 'tell'> {
  readonly happened: Exclude<keyof Happenings, 'endedEarly' | 'expired'>;
  /** Its line in the history */
  readonly event: HistoryEvent;
}

/** A change of a record with the number of recalls that it owes. */
export interface ChangeResult {
  readonly version: number;
  readonly recalls: number;
}
