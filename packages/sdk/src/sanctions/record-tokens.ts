import type { IdentifierToken } from '../session/recent-checks.ts';
import { evaluateTokens, maxTokens, type RawIdentifier } from '../checks/tokens.ts';
import { isRecourseError } from '../errors.ts';
import type { Session } from '../session/session.ts';

interface WaitingRecord {
  readonly identifiers: readonly RawIdentifier[];
  readonly resolve: (tokens: readonly IdentifierToken[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Tokens for records that are prepared at the same time, by as few evaluations as hold them. There is no timer: one
 * evaluation takes what came while the last one ran, so a lone record waits for nothing.
 */
class RecordTokens {
  readonly #session: Session;
  #waiting: WaitingRecord[] = [];
  #isAsking = false;

  constructor(session: Session) {
    this.#session = session;
  }

  of(identifiers: readonly RawIdentifier[]): Promise<readonly IdentifierToken[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ identifiers, resolve, reject });
      if (!this.#isAsking) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#isAsking = true;
    while (this.#waiting.length > 0) await this.#ask(this.#next());
    this.#isAsking = false;
  }

  /** The first, and as many others as fit. */
  #next(): WaitingRecord[] {
    let elements = 0;
    const fits = this.#waiting.findIndex(
      ({ identifiers }) => (elements += identifiers.length) > maxTokens,
    );
    return this.#waiting.splice(0, fits < 0 ? this.#waiting.length : Math.max(1, fits));
  }

  async #ask(group: readonly WaitingRecord[]): Promise<void> {
    try {
      const { tokens } = await evaluateTokens(this.#session, {
        identifiers: group.flatMap(({ identifiers }) => identifiers),
        purpose: 'safety-review',
        epochs: 'records',
      });
      let first = 0;
      for (const { identifiers, resolve } of group) {
        const from = first;
        first += identifiers.length;
        const own = tokens.filter(({ identifier }) => identifier >= from && identifier < first);
        resolve(own.map((token) => ({ ...token, identifier: token.identifier - from })));
      }
    } catch (error) {
      // An identifier that is refused fails its own record alone.
      const isOfOne = group.length > 1 && isRecourseError(error, 'invalid-input');
      if (isOfOne) for (const token of group) await this.#ask([token]);
      else for (const { reject } of group) reject(error);
    }
  }
}

const sessions = new WeakMap<Session, RecordTokens>();

/** Tokens of the epoch that records are made under; the evaluation is charged like any other, for the purpose it has. */
export function recordTokens(
  session: Session,
  identifiers: readonly RawIdentifier[],
): Promise<readonly IdentifierToken[]> {
  const known = sessions.get(session) ?? new RecordTokens(session);
  sessions.set(session, known);
  return known.of(identifiers);
}
