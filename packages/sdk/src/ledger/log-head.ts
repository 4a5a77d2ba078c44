import { parseCheckpoint, parseNote, unwitnessed, verifyCheckpoint } from '@recourse/ledger';
import { failAs, isRecourseError, RecourseError } from '../errors.ts';
import { assertOneHistory } from './one-history.ts';
import type { Head, LedgerStore } from './ledger-store.ts';
import type { LogFiles } from './log-files.ts';
import type { LogPolicy } from './witness-policies.ts';

export interface LogHeadOptions {
  /** `<host>/ledger` */
  readonly logOrigin: string;
  readonly files: LogFiles;
  readonly store: LedgerStore;
}

/**
 * The newest checkpoint that was verified. Heads are taken one after the other, each compared with the newest that
 * is kept: two that were compared with an older one at once could be of two histories.
 *
 * The store may be ahead of this process, when another one put something larger; then that is the newest here, too.
 */
export class LogHead {
  readonly #options: LogHeadOptions;
  #newest: Head | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: LogHeadOptions) {
    this.#options = options;
  }

  /** As far as this process knows */
  get newest(): Head | undefined {
    return this.#newest;
  }

  /**
   * Loads the head that the store keeps.
   * @throws RecourseError `ledger-invalid` for one of no such ledger
   */
  async load(): Promise<Head | undefined> {
    const note = await this.#options.store.newest();
    if (note === undefined || note === this.#newest?.note) return this.#newest;
    const head = await failAs('ledger-invalid', () => headIn(note, this.#options.logOrigin));
    if (head.size > (this.#newest?.size ?? 0)) this.#newest = head;
    return this.#newest;
  }

  /**
   * Takes a note that somebody served: verified, of the history that is kept, and kept if it is the newest.
   * @param options.older a proof may be of a smaller tree, where it comes from a cache; a head may not
   * @throws RecourseError `ledger-invalid`, `ledger-forked`, `ledger-rolled-back`, `unavailable`
   */
  accept(note: string, options: { policy: LogPolicy; older: boolean }): Promise<Head> {
    const accepted = this.#turn.then(() => this.#accept(note, options));
    this.#turn = accepted.catch(() => undefined);
    return accepted;
  }

  async #accept(note: string, { policy, older }: { policy: LogPolicy; older: boolean }) {
    const { files, store } = this.#options;
    // First as the log itself signed it: of a fork that no witness cosigned, its signature is proof enough.
    await failAs('ledger-invalid', () => verifyCheckpoint(note, unwitnessed(policy.log)));
    const head = await failAs('ledger-invalid', () => headIn(note, policy.log.name));
    const known = this.#newest;
    const stored = await this.load();
    // Put by another process: what it was shown and what this one was shown must be one history, too.
    if (known && stored && known !== stored) await assertOneHistory(known, stored, files.tile);
    if (stored && !older && head.size < stored.size) throw await shrunk(stored, head, files);
    if (stored) await assertOneHistory(stored, head, files.tile);
    await failAs('ledger-invalid', () => verifyCheckpoint(note, policy));
    if (head.size > (stored?.size ?? 0)) {
      await store.put({ size: head.size, note });
      this.#newest = head;
    }
    return head;
  }
}

function headIn(note: string, logOrigin: string): Head {
  const { origin, size, root } = parseCheckpoint(parseNote(note).text);
  if (origin !== logOrigin) throw new RecourseError('ledger-invalid');
  return { size, root, note };
}

/** Judges a log that has shrunk: it may be another history as well, which proves more. */
async function shrunk(stored: Head, head: Head, files: LogFiles): Promise<RecourseError> {
  try {
    await assertOneHistory(stored, head, files.tile);
  } catch (error) {
    if (isRecourseError(error, 'ledger-forked')) return error;
  }
  const notes: [string, string] = [head.note, stored.note];
  return new RecourseError('ledger-rolled-back', {
    evidence: { v: 1, type: 'ledger-rolled-back', notes },
  });
}
