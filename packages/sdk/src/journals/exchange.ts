import { type Id, type JournalJwe, type SharedJournal } from '@recourse/protocol';
import { failAs, isRecourseError, RecourseError } from '../errors.ts';
import type { Session } from '../session/session.ts';
import type { CallOptions } from '../transport/transport.ts';
import type { Colleagues } from './colleagues.ts';
import { signJournal, verifyJournal } from './journal-artefact.ts';
import type { JournalEntry } from './journal-entry.ts';
import { isSealedTo, sealJournal, unsealJournal } from './seal-journal.ts';

export interface Exchange {
  readonly session: Session;
  readonly colleagues: Colleagues;
}

/** @returns how many colleagues can open it */
export async function shareJournal(
  at: Exchange,
  { sanction, entry }: { sanction: Id<'snc'>; entry: JournalEntry },
  options: CallOptions = {},
): Promise<number> {
  const { all } = await at.colleagues.keys(options);
  if (all.length < 2) return 0;
  const compact = await signJournal(at.session, sanction, entry);
  return put(at, { sanction, compact }, options);
}

/** A colleague may leave between the reading of the keys and this: it is sealed once more. */
async function put(
  at: Exchange,
  journal: { sanction: Id<'snc'>; compact: string },
  { signal }: CallOptions,
): Promise<number> {
  const { sanction, compact } = journal;
  for (const anew of [false, true]) {
    const { all } = await at.colleagues.keys({ signal, anew });
    const keys = all.map(({ key }) => key);
    const jwe = await sealJournal(compact, placeOf(at.session, sanction), keys);
    try {
      await at.session.transport.send('journals.put', { sanction, jwe }, { signal });
      return all.length - 1;
    } catch (error) {
      if (anew || !haveKeysChanged(error)) throw error;
    }
  }
  return 0;
}

export const haveKeysChanged = (error: unknown): boolean =>
  isRecourseError(error, 'state-conflict') && error.hasIssue('keys-changed');

export interface OpenOptions extends CallOptions {
  /** Whether the files at hand are those that it opens */
  readonly fits?: (journal: SharedJournal) => boolean | Promise<boolean>;
}

interface Version {
  /** Nobody put a newer one */
  readonly isNewest: boolean;
  readonly jwe: JournalJwe;
  readonly compact: string;
  readonly journal: SharedJournal;
}

/**
 * Opens and verifies the newest version that colleagues shared and that fits; the newest where none does. One that is
 * invalid hides none before it. Whoever can open it seals it to everybody who is there now.
 */
export async function openJournal(
  at: Exchange,
  sanction: Id<'snc'>,
  { fits = () => true, ...options }: OpenOptions = {},
): Promise<SharedJournal | 'none' | 'sealed-before'> {
  // Nobody is told that there is none where a key is not a colleague's.
  await at.colleagues.keys(options);
  let newest: Version | undefined;
  let closed: 'sealed-before' | undefined;
  let fault: RecourseError | undefined;
  for await (const version of versionsOf(at, sanction, options)) {
    if (version === 'sealed-before') closed = version;
    else if (isRecourseError(version)) fault = version;
    else {
      newest ??= version;
      if (await fits(version.journal)) {
        await sealAnew(at, { sanction, version }, options);
        return version.journal;
      }
    }
  }
  if (newest) return newest.journal;
  if (fault && !closed) throw fault;
  return closed ?? 'none';
}

/** The newest first. One that a colleague, or the registry, made wrong is its fault. */
async function* versionsOf(
  at: Exchange,
  sanction: Id<'snc'>,
  options: CallOptions,
): AsyncGenerator<Version | 'sealed-before' | RecourseError> {
  for (let skip = 0; ; skip++) {
    const call = skip === 0 ? { sanction } : { sanction, skip };
    const { result } = await at.session.transport.send('journals.get', call, options);
    const { jwe, older = false } = result;
    if (!jwe) return;
    yield await openVersion(at, { sanction, jwe, isNewest: skip === 0 }, options).catch(asFault);
    if (!older) return;
  }
}

function asFault(error: unknown): RecourseError {
  if (!isRecourseError(error, 'journal-invalid') && !isRecourseError(error, 'chain-invalid'))
    throw error;
  return error;
}

/** It was opened, whether or not it can be sealed again: of a record that has ended it cannot. */
async function sealAnew(
  at: Exchange,
  { sanction, version }: { readonly sanction: Id<'snc'>; readonly version: Version },
  options: CallOptions,
): Promise<void> {
  const { all } = await at.colleagues.keys(options);
  if (version.isNewest && isSealedTo(version.jwe, all)) return;
  await put(at, { sanction, compact: version.compact }, options).catch(ignoreRefusal);
}

async function openVersion(
  { session, colleagues }: Exchange,
  { sanction, jwe, isNewest }: Pick<Version, 'jwe' | 'isNewest'> & { readonly sanction: Id<'snc'> },
  options: CallOptions,
): Promise<Version | 'sealed-before'> {
  const { own } = await colleagues.keys(options);
  const opened = await unsealJournal(jwe, placeOf(session, sanction), own);
  if ('code' in opened) {
    if (opened.code === 'not-sealed-to-own-key') return 'sealed-before';
    throw new RecourseError('journal-invalid');
  }
  const { compact } = opened;
  const journal = await failAs('journal-invalid', () =>
    verifyJournal(session, { compact, sanction }, options),
  );
  return { isNewest, jwe, compact, journal };
}

export function ignoreRefusal(error: unknown): void {
  if (!isRecourseError(error)) throw error;
}

const placeOf = ({ origin, party }: Session, sanction: string) => ({ origin, party, sanction });
