import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { signCall, signerFromJwk, type PrivateJwk, type Signer } from '@recourse/protocol';
import type { RunningServer } from '../src/index.ts';

export interface SandboxParty {
  party: string;
  name: string;
  holder: string;
  role: string;
  admin: boolean;
  kid: string;
  privateJwk: PrivateJwk;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- each test asserts what it reads
  body: any;
}

/** A client of one server that holds the keys of the sandbox. */
export class TestServer {
  readonly url: string;
  readonly origin: string;
  readonly stop: () => Promise<void>;
  readonly #dataDir: string;

  constructor(server: Pick<RunningServer, 'url' | 'origin' | 'stop'>, dataDir: string) {
    this.url = server.url;
    this.origin = server.origin;
    this.stop = () => server.stop();
    this.#dataDir = dataDir;
  }

  get parties(): SandboxParty[] {
    return this.#sandbox().parties;
  }

  /** Fingerprint of the witness policy, as an invite states it */
  get policy(): string {
    return this.#sandbox().policy;
  }

  #sandbox(): { parties: SandboxParty[]; policy: string } {
    return JSON.parse(readFileSync(join(this.#dataDir, 'sandbox.json'), 'utf8')) as {
      parties: SandboxParty[];
      policy: string;
    };
  }

  party(name: string, role: string, admin = false): SandboxParty {
    const found = this.parties.find((p) => p.name === name && p.role === role && p.admin === admin);
    if (!found) throw new Error(`no ${role} key of ${name}`);
    return found;
  }

  // oxlint-disable-next-line max-params -- reads like the call it makes
  async sign(key: SandboxParty, op: string, input: object, more: object = {}): Promise<string> {
    const signer = await signerOf(key);
    const iat = Math.floor(Date.now() / 1000);
    return signCall(signer, {
      iss: key.party,
      aud: this.origin,
      iat,
      exp: iat + 60,
      jti: randomBytes(18).toString('base64url'),
      op,
      in: input as never,
      ...more,
    });
  }

  // oxlint-disable-next-line max-params -- reads like the call it makes
  async call(key: SandboxParty, op: string, input: object, more: object = {}): Promise<HttpAnswer> {
    return this.post(`/call/${op}`, await this.sign(key, op, input, more));
  }

  post(path: string, body: string | Buffer, options: SendOptions = {}): Promise<HttpAnswer> {
    const headers = { 'Content-Type': 'application/jose', ...options.headers };
    return this.send('POST', path, { ...options, headers, body });
  }

  get(path: string, headers: Record<string, string> = {}): Promise<HttpAnswer> {
    return this.send('GET', path, { headers });
  }

  /** By node:http, which sends the path exactly as it is given. */
  send(
    method: string,
    path: string,
    options: SendOptions & { body?: string | Buffer } = {},
  ): Promise<HttpAnswer> {
    const { hostname, port } = new URL(this.url);
    const { body, headers = {}, localAddress } = options;
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          hostname,
          port,
          method,
          path,
          headers: { ...length, ...headers },
          ...(localAddress === undefined ? {} : { localAddress }),
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve(answered(response.statusCode, response.headers, chunks)),
          );
          response.on('error', reject);
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

export interface SendOptions {
  headers?: Record<string, string>;
  localAddress?: string;
}

function answered(
  status: number | undefined,
  headers: IncomingHttpHeaders,
  chunks: Buffer[],
): HttpAnswer {
  const text = Buffer.concat(chunks).toString('utf8');
  const isJson = /json/.test(headers['content-type'] ?? '');
  return { status: status ?? 0, headers, text, body: isJson ? JSON.parse(text) : undefined };
}

const signers = new Map<string, Signer>();

async function signerOf(key: SandboxParty): Promise<Signer> {
  const known = signers.get(key.kid) ?? (await signerFromJwk(key.privateJwk));
  signers.set(key.kid, known);
  return known;
}

export const codeOf = (answer: HttpAnswer): string =>
  String(answer.body?.type).split('/').at(-1) ?? '';
