import {
  addCheckpointStatus,
  considerCheckpoint,
  cosign,
  encodeSignatures,
  encodeVerifierKey,
  LedgerError,
  onlySignaturesOf,
  parseAddCheckpoint,
  parseCheckpoint,
  parseNote,
  type AddCheckpoint,
  type Checkpoint,
  type Consideration,
  type NoteSigner,
  type VerifierKey,
} from '@recourse/ledger';
import { WitnessError } from './errors.ts';
import type { HeldLog, WitnessStore } from './witness-store.ts';

/** The answer of a witness to `POST add-checkpoint` (tlog-witness). */
export interface WitnessAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** The tree of the request; absent for a malformed one */
  readonly asked?: Pick<Checkpoint, 'origin' | 'size'>;
  /**
   * Two checkpoints that the log signed, and that no proof showed to be of one history. Of one size they prove a fork
   * to anybody. Of two sizes they do so unless the log has a proof of consistency.
   */
  readonly contradiction?: { readonly held: string; readonly offered: string };
}

/** A witness's key, logs, memory and clock. */
export interface WitnessOptions {
  /** Type `cosignature`: a key that signs nothing else */
  readonly signer: NoteSigner;
  /** Type `ed25519`; the name of each is the origin of its log, and a log may have several */
  readonly logs: readonly VerifierKey[];
  readonly store: WitnessStore;
  readonly clock: () => Date;
}

type Request = AddCheckpoint & { readonly checkpoint: Checkpoint };

/**
 * A witness states that a log only ever grew. States, for each log: nothing seen, or one newest tree, which only a tree
 * that begins with it replaces. The witness believes the first tree of a log by the log's signature.
 *
 * A tree is recorded before it is cosigned. A crash between the two leaves a recorded tree without a cosignature: the
 * log asks again with that size, and gets it.
 */
export class Witness {
  readonly #signer: NoteSigner;
  readonly #logs: ReadonlyMap<string, readonly VerifierKey[]>;
  readonly #store: WitnessStore;
  readonly #clock: () => Date;

  /** @throws WitnessError `log-invalid`; LedgerError `key-malformed`, `key-weak` */
  constructor({ signer, logs, store, clock }: WitnessOptions) {
    assertKeys(signer.key, logs);
    this.#signer = signer;
    this.#logs = Map.groupBy(logs, ({ name }) => name);
    this.#store = store;
    this.#clock = clock;
  }

  /** The verifier key, as others write it into their policies */
  get key(): string {
    return encodeVerifierKey(this.#signer.key);
  }

  /** The logs it watches, each with the size it cosigned last; 0 before the first. */
  logs(): Promise<{ origin: string; size: number }[]> {
    const sizes = [...this.#logs.keys()].map((origin) =>
      this.#store.exclusively(origin, ({ latest }) =>
        Promise.resolve({ origin, size: latest ? treeOf(latest.note).size : 0 }),
      ),
    );
    return Promise.all(sizes);
  }

  /**
   * Decides on a request of a log, records the tree, and cosigns it.
   * @param body attacker-controlled: only the log's signature in it counts
   * @throws WitnessError `state-unwritable`, `state-closed`, and the errors of the signer; nothing was cosigned then
   */
  async addCheckpoint(body: Uint8Array): Promise<WitnessAnswer> {
    const request = parse(body);
    if (request === undefined) return refuse('bad-request');
    const { origin, size } = request.checkpoint;
    const keys = this.#logs.get(origin);
    const answer = keys
      ? await this.#store.exclusively(origin, (log) => this.#consider(request, { keys, log }))
      : refuse('unknown-log');
    return { ...answer, asked: { origin, size } };
  }

  async #consider(
    request: Request,
    { keys, log }: { keys: readonly VerifierKey[]; log: HeldLog },
  ): Promise<WitnessAnswer> {
    const { origin } = request.checkpoint;
    const latest = log.latest && treeOf(log.latest.note);
    const consideration = await considerCheckpoint(
      { origin, keys, ...(latest ? { latest } : {}) },
      request,
    );
    if (consideration.outcome !== 'accepted') {
      const answer = refuse(consideration.outcome, latest?.size);
      return { ...answer, ...contradictionOf(request, { log, status: answer.status }) };
    }
    const now = Math.floor(this.#clock().getTime() / 1000);
    // A clock that was set back would make the newer tree the older one.
    const time = Math.max(now, log.latest?.time ?? 0);
    await log.record({ note: onlySignaturesOf(keys, request.note), time });
    const cosignature = await cosign(consideration.text, { signer: this.#signer, time });
    return { ...plain, status: 200, body: encodeSignatures([cosignature]) };
  }
}

function assertKeys(own: VerifierKey, logs: readonly VerifierKey[]): void {
  const publicKeys = [own, ...logs].map(({ publicKey }) => publicKey.join());
  const sound =
    own.type === 'cosignature' &&
    logs.every(({ type }) => type === 'ed25519') &&
    new Set(publicKeys).size === publicKeys.length;
  if (sound) return;
  throw new WitnessError('log-invalid', {
    message:
      'The key is no cosignature key, or the log keys are none, or one of them is given twice.',
    next: 'Give the key of the witness and the verifier key of each log, once.',
  });
}

function parse(body: Uint8Array): Request | undefined {
  try {
    return parseAddCheckpoint(body);
  } catch (error) {
    if (error instanceof LedgerError) return undefined;
    throw error;
  }
}

const treeOf = (note: string): Checkpoint => parseCheckpoint(parseNote(note).text);

const plain = { contentType: 'text/plain; charset=utf-8' } as const;

function refuse(
  outcome: Exclude<Consideration['outcome'], 'accepted'>,
  size = 0,
): Pick<WitnessAnswer, 'status' | 'contentType' | 'body'> {
  const status = addCheckpointStatus[outcome];
  if (outcome !== 'conflict') return { ...plain, status, body: `${outcome}\n` };
  return { status, contentType: 'text/x.tlog.size', body: `${size}\n` };
}

function contradictionOf(
  { checkpoint, note, oldSize }: Request,
  { log, status }: { log: HeldLog; status: number },
): Pick<WitnessAnswer, 'contradiction'> {
  const held = log.latest?.note;
  if (held === undefined) return {};
  const isOtherRoot =
    status === 409 && [treeOf(held).size, oldSize].every((size) => size === checkpoint.size);
  return isOtherRoot || status === 422 ? { contradiction: { held, offered: note } } : {};
}
