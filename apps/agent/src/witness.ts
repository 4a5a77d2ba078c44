import { LedgerError, parseVerifierKey, type NoteSigner, type VerifierKey } from '@recourse/ledger';
import { fromBase64url, publicJwkSchema, signerFromJwk } from '@recourse/protocol';
import {
  createWitnessState,
  fileWitnessStore,
  serveWitness,
  Witness,
  WitnessError,
} from '@recourse/witness';
import type { WitnessConfig } from './config.ts';
import { AgentError } from './errors.ts';
import { readPrivateFile } from './secrets/private-file.ts';

export interface RunningWitness {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * A witness beside the agent, in the same process and at an address of its own. Its state begins once, by `begin`: one
 * that finds its state gone and began anew would cosign a fork.
 * @throws AgentError `secret-invalid`, `usage`, `state-in-use`
 */
export async function startWitness(
  { keyFile, logs, begin, address }: WitnessConfig,
  stateFile: string,
): Promise<RunningWitness> {
  const signer = await readWitnessKey(keyFile);
  const keys = logs.map(readLogKey);
  try {
    if (begin) createWitnessState(stateFile);
    const store = fileWitnessStore(stateFile);
    const witness = new Witness({ signer, logs: keys, store, clock: () => new Date() });
    const served = await serveWitness({ witness, host: address.host, port: address.port });
    return {
      url: served.url,
      stop: async () => {
        await served.stop();
        await store.close();
      },
    };
  } catch (error) {
    throw asAgentError(error);
  }
}

/** As `recourse witness keygen` writes it: a JWK whose `kid` is the name of the key. */
async function readWitnessKey(path: string): Promise<NoteSigner> {
  const text = readPrivateFile(path);
  try {
    const { d, x, kty, crv, kid }: Partial<Record<string, unknown>> = { ...JSON.parse(text) };
    if (typeof d !== 'string' || typeof kid !== 'string') throw new TypeError('no key');
    const jwk = publicJwkSchema.parse({ kty, crv, x });
    const signer = await signerFromJwk({ ...jwk, d });
    const key = { name: kid, type: 'cosignature', publicKey: fromBase64url(jwk.x) } as const;
    return { key, sign: (message) => signer.sign(message) };
  } catch {
    // No cause: a parser's message may quote the key.
    throw new AgentError('secret-invalid', {
      message: `${path} does not hold the key of a witness.`,
      next: 'Restore it from where you keep it, or make a new one: recourse witness keygen.',
    });
  }
}

function readLogKey(text: string): VerifierKey {
  try {
    return parseVerifierKey(text);
  } catch (cause) {
    if (!(cause instanceof LedgerError)) throw cause;
    throw new AgentError(
      'usage',
      {
        message: '--witness-log is no key of a ledger.',
        next: 'Give the verifier key as published: host/ledger+id+base64.',
      },
      { cause },
    );
  }
}

function asAgentError(error: unknown): unknown {
  if (!(error instanceof WitnessError)) return error;
  const { code, message, next } = error;
  return new AgentError(
    code === 'state-in-use' ? code : 'usage',
    { message, next },
    { cause: error },
  );
}
