import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  addCheckpointStatus,
  considerCheckpoint,
  cosign,
  encodeSignatures,
  encodeVerifierKey,
  parseAddCheckpoint,
  type NoteSigner,
  type VerifierKey,
  type WitnessedLog,
} from '@recourse/ledger';
import { fromBase64url, generateKey, signerFromJwk } from '@recourse/protocol';
import { workerPort } from '@recourse/testkit';

type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => unknown;

export async function newNoteSigner(name: string, type: VerifierKey['type']): Promise<NoteSigner> {
  const signer = await signerFromJwk(await generateKey());
  const { publicJwk } = signer;
  if (publicJwk.kty !== 'OKP') throw new TypeError('not Ed25519');
  const key = { name, type, publicKey: fromBase64url(publicJwk.x) };
  return { key, sign: (message) => signer.sign(message) };
}

/** A witness on a real socket, in memory, that a test makes misbehave. */
export class TestWitness {
  readonly signer: NoteSigner;
  readonly port: number;
  /** What it answers in place of the truth */
  answer: Answer | undefined;
  /** Bodies that it was sent */
  readonly asked: string[] = [];
  #latest: WitnessedLog['latest'];
  #log: VerifierKey | undefined;
  #server: Server | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(signer: NoteSigner, port: number) {
    this.signer = signer;
    this.port = port;
  }

  get key(): string {
    return encodeVerifierKey(this.signer.key);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/w`;
  }

  get size(): number {
    return this.#latest?.size ?? 0;
  }

  get latest(): WitnessedLog['latest'] {
    return this.#latest;
  }

  trust(log: VerifierKey): void {
    this.#log = log;
  }

  /** Remembers another tree than it was shown. */
  remember(latest: WitnessedLog['latest']): void {
    this.#latest = latest;
  }

  async up(): Promise<void> {
    if (this.#server) return;
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        this.asked.push(body.toString('utf8'));
        this.#turn = this.#turn
          .then(() => this.#handle(request, response, body))
          .catch(() => void response.destroy());
      });
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.#server = server;
  }

  async down(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  async #handle(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    if (this.answer) return void this.answer(request, response, body);
    const log = this.#log!;
    const latest = this.#latest;
    const asked = parseAddCheckpoint(body);
    const known = { origin: log.name, keys: [log], ...(latest ? { latest } : {}) };
    const considered = await considerCheckpoint(known, asked);
    response.statusCode = addCheckpointStatus[considered.outcome];
    if (considered.outcome === 'conflict') return void response.end(`${considered.size}\n`);
    if (considered.outcome !== 'accepted') return void response.end();
    this.#latest = considered.checkpoint;
    const time = Math.floor(Date.now() / 1000);
    const signature = await cosign(considered.text, { signer: this.signer, time });
    response.end(encodeSignatures([signature]));
  }
}

export async function newTestWitness(name: string): Promise<TestWitness> {
  const signer = await newNoteSigner(name, 'cosignature');
  return new TestWitness(signer, await workerPort());
}
