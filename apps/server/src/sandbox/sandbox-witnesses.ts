import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { VerifierKey } from '@recourse/ledger';
import { fromBase64url, utf8, type Signer } from '@recourse/protocol';
import {
  createWitnessState,
  fileWitnessStore,
  Witness,
  WitnessError,
  type WitnessStore,
} from '@recourse/witness';
import type { ServerConfig } from '../config/config.ts';
import { postToWitness, type WitnessReply } from '../ledger/post-to-witness.ts';
import type { PostToWitness } from '../ledger/witnessing.ts';
import { sampleNames, samplePlatforms, type SampleName } from './sample-platforms.ts';
import { loadSandboxSeed } from './sandbox-seed.ts';

interface WitnessHttpReply extends WitnessReply {
  readonly contentType: string;
}

interface SandboxWitness {
  readonly url: string;
  readonly witness: Witness;
  readonly store: WitnessStore;
}

/**
 * The witnesses of the sample platforms, which this process runs: each with a key of its own from the seed, and a state
 * in the data directory. They answer on the port of the registry, and to the registry itself without a socket, since
 * they are asked before it listens.
 */
export class SandboxWitnesses {
  readonly #witnesses: ReadonlyMap<SampleName, SandboxWitness>;

  constructor(witnesses: ReadonlyMap<SampleName, SandboxWitness>) {
    this.#witnesses = witnesses;
  }

  /** What `parties.witness` is told of the witness of one platform. */
  registration(name: SampleName): { key: string; url: string } | undefined {
    const found = this.#witnesses.get(name);
    return found && { key: found.witness.key, url: found.url };
  }

  /** @returns undefined where none of these witnesses is */
  async answer(url: string, body: Uint8Array): Promise<WitnessHttpReply | undefined> {
    const found = [...this.#witnesses.values()].find(
      (witness) => `${witness.url}/add-checkpoint` === url,
    );
    if (!found) return undefined;
    const { status, contentType, body: text } = await found.witness.addCheckpoint(body);
    return { status, contentType, body: Buffer.from(utf8(text)) };
  }

  async close(): Promise<void> {
    for (const { store } of this.#witnesses.values()) await store.close();
  }
}

interface Opening {
  readonly config: Pick<ServerConfig, 'dataDir' | 'origin'>;
  readonly log: VerifierKey;
  readonly clock: () => Date;
}

/** @returns undefined where another server of this data directory runs them, and is asked like any witness */
export async function openSandboxWitnesses(
  opening: Opening,
): Promise<SandboxWitnesses | undefined> {
  const opened = new Map<SampleName, SandboxWitness>();
  const witnesses = new SandboxWitnesses(opened);
  try {
    for (const name of sampleNames) opened.set(name, await openWitness(name, opening));
    return witnesses;
  } catch (error) {
    await witnesses.close();
    if (error instanceof WitnessError && error.code === 'state-in-use') return undefined;
    throw error;
  }
}

async function openWitness(
  name: SampleName,
  { config, log, clock }: Opening,
): Promise<SandboxWitness> {
  const { signer } = await loadSandboxSeed(config.dataDir).key(`witness/${name}`);
  const folder = join(config.dataDir, 'witnesses');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${name}.state`);
  if (!existsSync(path)) createWitnessState(path);
  const store = fileWitnessStore(path);
  const witness = new Witness({ signer: noteSigner(name, signer), logs: [log], store, clock });
  return { url: `${config.origin}/sandbox/witness/${name}`, witness, store };
}

function noteSigner(name: SampleName, signer: Signer) {
  const { publicJwk } = signer;
  if (publicJwk.kty !== 'OKP') throw new TypeError('the key of a seed is Ed25519');
  const publicKey = fromBase64url(publicJwk.x);
  const key = {
    name: `${samplePlatforms[name].domain}/witness`,
    type: 'cosignature',
    publicKey,
  } as const;
  return { key, sign: (message: Uint8Array) => signer.sign(message) };
}

/** Witnesses that this process runs are asked within it: at a start it does not listen yet. */
export function posting(
  { mode }: Pick<ServerConfig, 'mode'>,
  witnesses: SandboxWitnesses | undefined,
): PostToWitness {
  const rules = { sandbox: mode === 'sandbox' };
  return async (url, request) =>
    (await witnesses?.answer(url, Buffer.from(request.body))) ??
    postToWitness(url, { ...request, rules });
}
