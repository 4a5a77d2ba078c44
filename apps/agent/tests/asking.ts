import { setTimeout as sleep } from 'node:timers/promises';

export interface AgentReply {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- what a service in any language sees
  readonly body: any;
}

/** One request, as a service would make it. */
export async function ask(
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<AgentReply> {
  const response = await fetch(url, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? JSON.parse(text) : text,
  };
}

/** Asks for something that the registry has to do, and waits until it did, or refused. */
export async function ordered(at: string, path: string, body: unknown): Promise<AgentReply> {
  const answer = await ask(`${at}${path}?wait=30`, body);
  if (answer.status !== 202) return answer;
  return until(
    () => ask(`${at}/outbox/${String(answer.body.intent)}`),
    ({ body: intent }) => intent.state !== 'waiting',
  );
}

/** A machine that does much else takes its time. */
export const patient = ['--no-token', '--within-ms', '60000'];

/** Asks again until what came back is as it should be; the test's own timeout is the limit. */
export async function until<T>(read: () => Promise<T>, isRight: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read();
    if (isRight(value)) return value;
    await sleep(100);
  }
}

const dayMs = 86_400_000;
/** The same request again has to be the same. */
const loadedAt = Math.floor(Date.now() / 1000) * 1000;
const daysAgo = (days: number): string => new Date(loadedAt - days * dayMs).toISOString();

/** A record that is in order; the number makes it one of its own. */
export const record = (n: number) => ({
  creator: {
    domain: { value: `listed-${n}.example`, control: 'dns', provenAt: daysAgo(30) },
  },
  reason: 'fraud.phishing',
  action: 'account-terminated',
  incident: { from: daysAgo(20), to: daysAgo(10) },
  decidedAt: daysAgo(5),
  decidedBy: 'human',
  evidence: [
    {
      class: 'captured-artefact',
      content: Buffer.from(`GET / of site ${n}: a page that asks for a seed phrase`).toString(
        'base64',
      ),
    },
  ],
  account: 'A counterfeit login page was served from this domain.',
  policy: 0,
  origin: 'own-detection',
  attest: ['no-authority', 'no-takeover'],
  age: 'unknown',
  ref: `case-2026-${String(n).padStart(8, '0')}`,
});
