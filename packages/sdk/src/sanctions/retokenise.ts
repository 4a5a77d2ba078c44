import {
  signCompact,
  subjectCommitments,
  subjectLeaves,
  subjectsRoot,
  toNumericDate,
  type OpInput,
  type Subject,
  type UntokenisedRecord,
} from '@recourse/protocol';
import type { IdentifierToken } from '../session/recent-checks.ts';
import { evaluateTokens } from '../checks/tokens.ts';
import { isRecourseError, RecourseError } from '../errors.ts';
import { listIdentifiers, type Creator } from '../identifiers.ts';
import type { Operations } from '../operations.ts';
import { randomSalt } from '../random.ts';
import type { Session } from '../session/session.ts';
import { needSigner } from '../signers.ts';

/** The identifiers of a record that the platform keeps; undefined if it has none any more. */
export type IdentifiersOf = (
  record: UntokenisedRecord,
) => Creator<string> | undefined | Promise<Creator<string> | undefined>;

/**
 * The result for one record. After `retokenised` nothing is left to do; any other record ends when its epoch closes.
 */
export interface RetokeniseResult {
  /** Id of the record */
  readonly sanction: UntokenisedRecord['sanction'];

  /** The platform's own case id */
  readonly ref?: string | undefined;
  /**
   * `no-identifiers`: the platform had none. `other-identifiers`: the record is about others. Else the code of a
   * refusal.
   */
  readonly outcome: 'retokenised' | 'no-identifiers' | 'other-identifiers' | RecourseError['code'];
}

/** How own records get their new tokens. */
export interface RetokeniseOptions {
  /** Ends it between two records */
  readonly signal?: AbortSignal | undefined;
  /** Records at a time */
  readonly concurrency?: number | undefined;
}

/** A page of the registry's list, which holds subjects and is therefore smaller than most. */
const pageSize = 50;

/** Refusals that are about one record; everything else would be the same for the next one. */
const ofTheRecord: ReadonlySet<string> = new Set(['invalid-input', 'state-conflict', 'not-found']);

/**
 * Gives all own records that have none the tokens of the newest epoch, from the identifiers that the platform keeps: the
 * registry never had them. Begun again it goes on: what was done is not listed any more.
 * @throws RecourseError what would be the same for every record
 */
export async function* retokenise(
  source: Source & { readonly identifiersOf: IdentifiersOf },
  { signal, concurrency = 4 }: RetokeniseOptions = {},
): AsyncGenerator<RetokeniseResult> {
  let cursor: string | undefined;
  do {
    const page = await source.operations.untokenised({
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (let at = 0; at < page.sanctions.length; at += concurrency) {
      signal?.throwIfAborted();
      const some = page.sanctions.slice(at, at + concurrency);
      yield* await Promise.all(
        some.map(async (record) =>
          retokeniseOne(source, { record, epoch: page.epoch }, await source.identifiersOf(record)),
        ),
      );
    }
    cursor = page.next;
  } while (cursor !== undefined);
}

/** A record as `sanctions.untokenised` lists it. */
export interface Retokenisation {
  /** A row of the list */
  readonly record: UntokenisedRecord;
  /** That the new tokens are of */
  readonly epoch: number;
}

interface Source {
  readonly session: Session;
  readonly operations: Operations['sanctions'];
}

/** Gives one listed record its new tokens. */
export async function retokeniseOne(
  source: Source,
  making: Retokenisation,
  creator: Creator<string> | undefined,
): Promise<RetokeniseResult> {
  const { sanction, ref } = making.record;
  const named = { sanction, ...(ref === undefined ? {} : { ref }) };
  if (!creator) return { ...named, outcome: 'no-identifiers' };
  try {
    const tokens = await tokensOf(source.session, creator);
    const done = await placeByPlace(source, { ...making, tokens });
    return { ...named, outcome: done ? 'retokenised' : 'other-identifiers' };
  } catch (error) {
    if (isRecourseError(error) && ofTheRecord.has(error.code)) {
      return { ...named, outcome: error.code };
    }
    throw error;
  }
}

async function tokensOf(
  session: Session,
  creator: Creator<string>,
): Promise<readonly IdentifierToken[]> {
  const identifiers = listIdentifiers(creator).map(({ kind, item, path }) => ({
    kind,
    value: item,
    path,
  }));
  return (await evaluateTokens(session, { identifiers, purpose: 'safety-review' })).tokens;
}

/**
 * Which identifier stands at which place the registry alone can tell, by the tokens that it has: where it says that one
 * is not the one of a place, the next of its kind is tried there.
 * @returns false where none is left
 */
async function placeByPlace(
  source: Source,
  making: Retokenisation & { readonly tokens: readonly IdentifierToken[] },
): Promise<boolean> {
  const { record, tokens } = making;
  const left = [...new Set(tokens.map(({ identifier }) => identifier))];
  const places: number[] = [];
  for (const { kind } of record.subjects) {
    const at = left.findIndex((id) =>
      tokens.some((token) => token.identifier === id && token.kind === kind),
    );
    if (at < 0) return false;
    places.push(...left.splice(at, 1));
  }
  const tried = new Map<number, Set<number>>();
  for (;;) {
    const other = await send(source, { ...making, places });
    if (other === undefined) return true;
    const seen = tried.get(other) ?? new Set();
    tried.set(other, seen.add(places[other] ?? -1));
    if (!exchange(places, { at: other, left, seen, ...making })) return false;
  }
}

/** Puts the next identifier of the same kind at a place: one that stands further on, or one that stood nowhere. */
function exchange(
  places: number[],
  {
    at,
    left,
    seen,
    tokens,
  }: {
    at: number;
    left: number[];
    seen: ReadonlySet<number>;
    tokens: readonly IdentifierToken[];
  },
): boolean {
  const kindOf = (id: number | undefined) =>
    tokens.find(({ identifier }) => identifier === id)?.kind;
  const fits = (id: number): boolean => kindOf(id) === kindOf(places[at]) && !seen.has(id);
  const spare = left.findIndex(fits);
  if (spare >= 0) {
    [places[at], left[spare]] = [left[spare] ?? 0, places[at] ?? 0];
    return true;
  }
  const later = places.findIndex((id, place) => place > at && fits(id));
  if (later < 0) return false;
  [places[at], places[later]] = [places[later] ?? 0, places[at] ?? 0];
  return true;
}

/** @returns the place at which the registry has another identifier; undefined where the tokens were taken */
async function send(
  { session, operations }: Source,
  making: Retokenisation & {
    readonly tokens: readonly IdentifierToken[];
    readonly places: readonly number[];
  },
): Promise<number | undefined> {
  try {
    await operations.retokenise(await inputOf(session, making));
    return undefined;
  } catch (error) {
    const [issue] = isRecourseError(error, 'invalid-input') ? error.issues : [];
    const [, place] = /^before\.(\d)$/.exec(issue?.path ?? '') ?? [];
    if (place === undefined) throw error;
    return Number(place);
  }
}

async function inputOf(
  session: Session,
  { record, epoch, tokens, places }: Parameters<typeof send>[1],
): Promise<OpInput<'sanctions.retokenise'>> {
  const tokenAt = (place: number, under: number): string | undefined =>
    tokens.find((token) => token.identifier === places[place] && token.epoch === under)?.token;
  const subjects = record.subjects.map((subject, place): Subject => {
    const token = tokenAt(place, epoch);
    if (token === undefined) throw new RecourseError('unknown-epoch');
    return { ...subject, epoch, salt: randomSalt(session.random), token };
  });
  const before = subjects.flatMap((_, place) => tokenAt(place, record.epoch) ?? []);
  const padding = Array.from({ length: subjectLeaves - subjects.length }, () =>
    randomSalt(session.random),
  );
  const update = {
    iss: session.party,
    sub: record.sanction,
    epoch,
    subjects: subjectsRoot(subjectCommitments(subjects, padding)),
    iat: toNumericDate(session.transport.now()),
  };
  const signer = needSigner(session.signers, 'trust');
  return {
    update: await signCompact(signer, 'recourse-subjects+jwt', update),
    tokens: subjects,
    padding,
    ...(before.length > 0 ? { before } : {}),
  };
}
