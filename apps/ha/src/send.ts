import { Agent, request } from 'node:http';

export interface SignedCall {
  readonly op: string;
  readonly jti: string;
  readonly body: string;
}

export interface Answered {
  readonly status: number;
  readonly body: string;
  /** Code of a problem */
  readonly code?: string;
  /** Whether a problem says when to come again */
  readonly retryAfter: boolean;
}

const agent = new Agent({ keepAlive: true, maxSockets: 512 });
const withinMs = 10_000;

/** @returns undefined where no answer came */
export function send(url: string, { op, body: call }: SignedCall): Promise<Answered | undefined> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/jose', 'content-length': call.length };
    const options = { method: 'POST', agent, headers, timeout: withinMs };
    const sent = request(`${url}/call/${op}`, options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', () => resolve(undefined));
      answer.on('end', () => {
        const { statusCode: status = 0, headers: said } = answer;
        const body = Buffer.concat(chunks).toString();
        const code = status === 200 ? undefined : codeOf(body);
        const retryAfter = said['retry-after'] !== undefined;
        resolve({ status, body, retryAfter, ...(code === undefined ? {} : { code }) });
      });
    });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve(undefined));
    sent.end(call);
  });
}

/** A balancer answers for itself as HTML. */
function codeOf(body: string): string {
  try {
    const { type } = JSON.parse(body) as { type?: string };
    return type?.split('/').at(-1) ?? 'no problem';
  } catch {
    return 'not from a server';
  }
}
