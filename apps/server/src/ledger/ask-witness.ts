import {
  encodeAddCheckpoint,
  encodeNote,
  encodeSignatures,
  keyId,
  parseNote,
  parseSignatures,
  parseVerifierKey,
  verifyNote,
  type VerifierKey,
} from '@recourse/ledger';
import type { LedgerReader } from '@recourse/registry';
import type { WitnessReply } from './post-to-witness.ts';

/** Answer of one witness about one checkpoint, or none. */
export type WitnessAnswer =
  | { readonly outcome: 'cosigned'; readonly line: string }
  /** It has cosigned a larger tree, which another server has signed meanwhile */
  | { readonly outcome: 'ahead' }
  /** It has cosigned a larger tree than was ever signed here, or another one */
  | { readonly outcome: 'disagrees'; readonly fault: 'rolled-back' | 'forked' }
  | { readonly outcome: 'failed'; readonly why: string };

export interface WitnessQuery {
  readonly witness: { readonly key: string; readonly url: string; readonly cosigned: number };
  readonly checkpoint: { readonly size: number; readonly note: string };
  readonly ledger: Pick<LedgerReader, 'consistency'>;
  readonly post: (url: string, body: string) => Promise<WitnessReply>;
  /** Size of the newest checkpoint, as of now */
  readonly newestSize: () => Promise<number>;
}

/** Beginning somewhere else once is enough for every witness but one that plays. */
const mostTries = 3;

/**
 * Asks a witness to cosign a checkpoint (C2SP tlog-witness, "add-checkpoint"), from the size on that it has seen last.
 * Whatever it answers is attacker-controlled: a cosignature counts once it verifies under the registered key.
 */
export async function askWitness(asking: WitnessQuery): Promise<WitnessAnswer> {
  const { witness, checkpoint, ledger } = asking;
  const { size, note } = checkpoint;
  let oldSize = witness.cosigned;
  for (let tries = 0; tries < mostTries; tries++) {
    const proof = oldSize === 0 ? [] : await ledger.consistency({ oldSize, size });
    const body = encodeAddCheckpoint({ oldSize, proof, note });
    const reply = await asking.post(`${witness.url}/add-checkpoint`, body);
    if (reply.status === 200) return cosignedBy(parseVerifierKey(witness.key), { note, reply });
    if (reply.status === 422) return { outcome: 'disagrees', fault: 'forked' };
    if (reply.status !== 409) return failed(`status-${reply.status}`);
    const known = sizeIn(reply.body);
    if (known === undefined) return failed('answer-malformed');
    if (known > size) return beyond(known, asking);
    // It names the size it was told: of this very size it has another root, or it makes no sense.
    if (known === oldSize && known === size) return { outcome: 'disagrees', fault: 'forked' };
    if (known === oldSize) return failed('answer-malformed');
    oldSize = known;
  }
  return failed('answer-malformed');
}

async function beyond(known: number, { newestSize }: WitnessQuery): Promise<WitnessAnswer> {
  return known <= (await newestSize())
    ? { outcome: 'ahead' }
    : { outcome: 'disagrees', fault: 'rolled-back' };
}

/** The one line that counts of what came back, once it verifies. */
async function cosignedBy(
  key: VerifierKey,
  { note, reply }: { note: string; reply: WitnessReply },
): Promise<WitnessAnswer> {
  try {
    const own = parseSignatures(reply.body).filter(
      ({ name, id }) => name === key.name && id === keyId(key),
    );
    const line = encodeSignatures(own);
    await verifyNote(encodeNote({ text: parseNote(note).text, signatures: own }), [key]);
    return { outcome: 'cosigned', line };
  } catch {
    return failed('cosignature-invalid');
  }
}

/** Decimal, with or without its newline; beyond 2^53 there is no log. */
function sizeIn(body: Buffer): number | undefined {
  const text = body.toString('latin1');
  const size = /^(0|[1-9]\d{0,15})\n?$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(size) ? size : undefined;
}

const failed = (why: string): WitnessAnswer => ({ outcome: 'failed', why });
