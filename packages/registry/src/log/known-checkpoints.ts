import { parseCheckpoint, parseNote } from '@recourse/ledger';
import { Problem, toBase64url, type CallPayload } from '@recourse/protocol';

type ShownCheckpoint = NonNullable<CallPayload['cp']>;

/** For the operator: somebody shows a ledger of this registry that it does not know. */
const detail = 'checkpoint-unknown';

export const unknownCheckpoint = (): Problem =>
  new Problem('state-conflict', { issues: [{ path: 'cp', code: 'unknown-checkpoint' }], detail });

export const isUnknownCheckpoint = (problem: Problem): boolean => problem.detail === detail;

/**
 * Tells checkpoints that this registry signed from those that callers made up, or that it lost. Only what is known is
 * remembered: another server may have signed a moment ago what this one does not find yet.
 */
export class KnownCheckpoints {
  static readonly most = 1_024;
  readonly #read: (size: number) => Promise<string | undefined>;
  /** Each root by the size of its tree, base64url */
  readonly #roots = new Map<number, string>();

  /** @param read the stored note of a size */
  constructor(read: (size: number) => Promise<string | undefined>) {
    this.#read = read;
  }

  async has({ size, root }: ShownCheckpoint): Promise<boolean> {
    return (this.#roots.get(size) ?? (await this.#find(size))) === root;
  }

  async #find(size: number): Promise<string | undefined> {
    const note = await this.#read(size);
    if (note === undefined) return undefined;
    const root = toBase64url(parseCheckpoint(parseNote(note).text).root);
    if (this.#roots.size >= KnownCheckpoints.most) this.#roots.clear();
    this.#roots.set(size, root);
    return root;
  }
}
