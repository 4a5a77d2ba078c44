import {
  bookSchema,
  inputIssues,
  peekArtefact,
  signCompact,
  toNumericDate,
  type BookContent,
  type BookJwe,
  type BookName,
} from '@recourse/protocol';
import { failAs, isRecourseError, RecourseError } from '../errors.ts';
import type { Session } from '../session/session.ts';
import { needSigner } from '../signers.ts';
import type { CallOptions } from '../transport/transport.ts';
import { haveKeysChanged, ignoreRefusal, type Exchange } from './exchange.ts';
import { verifyColleague } from './journal-artefact.ts';
import { isSealedTo, sealBook, unsealBook } from './seal-journal.ts';

/** A book of the own platform, as far as the own key opens it. */
export type OpenedBook<N extends BookName> =
  | {
      /** A trust key of the platform signed it, an admin key where it is names */
      readonly state: 'open';
      /** What stands in it */
      readonly content: BookContent<N>;
    }
  | {
      /** `none`: nobody wrote it. `sealed-before`: sealed to keys of others, before this one was published */
      readonly state: 'none' | 'sealed-before';
    };

interface Read<N extends BookName> {
  readonly version: number;
  readonly opened: OpenedBook<N>;
  /** As it is sealed now, where the own key opens it */
  readonly sealed?: { readonly jwe: BookJwe; readonly compact: string };
}

/** What is written, and after which version. */
interface Written {
  readonly book: BookName;
  readonly after: number;
  readonly compact: string;
}

const empty = { names: { people: [] }, work: { rows: [], away: [] } } as const;

/** Reads a book, and verifies who signed it. Whoever may write it seals it to everybody who is there now. */
export async function openBook<N extends BookName>(
  at: Exchange,
  book: N,
  options: CallOptions = {},
): Promise<OpenedBook<N>> {
  const { version, opened, sealed } = await readBook(at, book, options);
  if (sealed) await sealAnew(at, { book, after: version, ...sealed }, options);
  return opened;
}

export interface ChangeOptions extends CallOptions {
  /** Begins an empty book where the own key does not open the one that is there */
  readonly anew?: boolean;
}

/** How often colleagues may write in between, until one who writes is told to try again. */
const attempts = 4;

/**
 * Changes a book as it is now, and signs it. What a colleague wrote in between is read first, so that nothing is lost:
 * `change` sees it, and throws where it is no longer what its author saw.
 */
export async function changeBook<N extends BookName>(
  at: Exchange,
  { book, change }: { book: N; change: (content: BookContent<N>) => BookContent<N> },
  { anew = false, ...options }: ChangeOptions = {},
): Promise<BookContent<N>> {
  for (let left = attempts; ; left--) {
    const { version, opened } = await readBook(at, book, options);
    if (opened.state === 'sealed-before' && !anew) {
      throw new RecourseError('state-conflict', {
        issues: [{ path: 'book', code: 'book-sealed' }],
      });
    }
    const before = opened.state === 'open' ? opened.content : emptyBook(book);
    const content = change(before);
    const compact = await signBook(at.session, book, content);
    try {
      await put(at, { book, after: version, compact }, options);
      return content;
    } catch (error) {
      if (left <= 1 || !hasChanged(error)) throw error;
      await at.colleagues.keys({ ...options, anew: haveKeysChanged(error) });
    }
  }
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table has the content of each name
const emptyBook = <N extends BookName>(book: N) => empty[book] as unknown as BookContent<N>;

const hasChanged = (error: unknown): boolean =>
  haveKeysChanged(error) ||
  (isRecourseError(error, 'state-conflict') && error.hasIssue('book-changed', 'after'));

async function put(
  { session, colleagues }: Exchange,
  { book, after, compact }: Written,
  options: CallOptions,
): Promise<void> {
  const { all } = await colleagues.keys(options);
  const to = all.map(({ key }) => key);
  const jwe = await sealBook(compact, placeOf(session, book), to);
  await session.transport.send('journals.putBook', { book, after, jwe }, options);
}

async function readBook<N extends BookName>(
  at: Exchange,
  book: N,
  options: CallOptions,
): Promise<Read<N>> {
  const { session } = at;
  const { result } = await session.transport.send('journals.getBook', { book }, options);
  const { version, jwe } = result;
  if (!jwe) return { version, opened: { state: 'none' } };
  const { own } = await at.colleagues.keys(options);
  const plain = await unsealBook(jwe, placeOf(session, book), own);
  if ('code' in plain) {
    if (plain.code !== 'not-sealed-to-own-key') throw invalid();
    return { version, opened: { state: 'sealed-before' } };
  }
  const { compact } = plain;
  const content = await failAs('journal-invalid', () => verifyBook(session, book, compact));
  return { version, opened: { state: 'open', content }, sealed: { jwe, compact } };
}

/** Somebody joined or left since. The signature stays that of its author. */
async function sealAnew(
  at: Exchange,
  { jwe, ...written }: Written & { readonly jwe: BookJwe },
  options: CallOptions,
): Promise<void> {
  const mayWrite = written.book !== 'names' || at.session.signers.admin !== undefined;
  const { all } = await at.colleagues.keys(options);
  // It was read, whether or not it can be sealed again.
  if (mayWrite && !isSealedTo(jwe, all)) await put(at, written, options).catch(ignoreRefusal);
}

async function signBook<N extends BookName>(
  session: Session,
  book: N,
  content: BookContent<N>,
): Promise<string> {
  const payload = bookSchema.safeParse({
    iss: session.party,
    aud: session.origin,
    sub: book,
    iat: toNumericDate(session.transport.now()),
    ...content,
  });
  if (!payload.success) {
    throw new RecourseError('invalid-input', { issues: inputIssues(payload.error, ['book']) });
  }
  return signCompact(needSigner(session.signers, 'trust'), 'recourse-book+jwt', payload.data);
}

/** Names count by an admin key alone, so that no member gives a key of theirs the name of somebody else. */
async function verifyBook<N extends BookName>(
  session: Session,
  book: N,
  compact: string,
): Promise<BookContent<N>> {
  const form = { typ: 'recourse-book+jwt', schema: bookSchema } as const;
  const signed = peekArtefact(compact, form);
  const key = await verifyColleague(session, signed, book);
  if (book === 'names' && !key.admin) throw invalid();
  const { iss: _iss, aud: _aud, sub: _sub, iat: _iat, ...content } = signed.payload;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the schema of this book read
  return content as unknown as BookContent<N>;
}

const invalid = (): RecourseError => new RecourseError('journal-invalid');

const placeOf = ({ origin, party }: Session, book: BookName) => ({ origin, party, book });
