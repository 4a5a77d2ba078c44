import { thumbprint, type Id, type JournalJwe, type SharedJournal } from '@recourse/protocol';
import { failAs, isRecourseError, RecourseError } from '../errors.ts';
import type { Session } from '../session/session.ts';
import type { CallOptions } from '../transport/transport.ts';
import type { Colleague, Colleagues } from './colleagues.ts';
import { signJournal, verifyJournal } from './journal-artefact.ts';
import type { JournalEntry } from './journal-entry.ts';
import { sealJournal, unsealJournal } from './seal-journal.ts';

interface Exchange {
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

const haveKeysChanged = (error: unknown): boolean =>
  isRecourseError(error, 'state-conflict') &&
  error.issues.some(({ code }) => code === 'keys-changed');

/** Opens and verifies what a colleague shared. Whoever can open it seals it to everybody who is there now. */
export async function openJournal(
  at: Exchange,
  sanction: Id<'snc'>,
  options: CallOptions = {},
): Promise<SharedJournal | 'none' | 'sealed-before'> {
  const { session, colleagues } = at;
  const { own, all } = await colleagues.keys(options);
  const { result } = await session.transport.send('journals.get', { sanction }, options);
  const { jwe } = result;
  if (!jwe) return 'none';
  const opened = await unsealJournal(jwe, placeOf(session, sanction), own);
  if ('code' in opened) {
    if (opened.code === 'not-sealed-to-own-key') return 'sealed-before';
    throw new RecourseError('journal-invalid');
  }
  const { compact } = opened;
  const journal = await failAs('journal-invalid', () =>
    verifyJournal(session, { compact, sanction }, options),
  );
  // It was opened, whether or not it can be sealed again: of a record that has ended it cannot.
  if (!isSealedTo(jwe, all)) await put(at, { sanction, compact }, options).catch(ignoreRefusal);
  return journal;
}

const isSealedTo = ({ recipients }: JournalJwe, colleagues: readonly Colleague[]): boolean => {
  const kids = new Set(recipients.map(({ header }) => header.kid));
  return (
    kids.size === colleagues.length && colleagues.every(({ key }) => kids.has(thumbprint(key)))
  );
};

function ignoreRefusal(error: unknown): void {
  if (!isRecourseError(error)) throw error;
}

const placeOf = ({ origin, party }: Session, sanction: string) => ({ origin, party, sanction });
