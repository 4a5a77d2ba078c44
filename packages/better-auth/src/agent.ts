import { z } from 'zod';

/** Where the agent of the platform listens, and what it asks for. */
export interface AgentOptions {
  /** `http://127.0.0.1:4810` */
  readonly url: string;
  /** Content of the file `token` in the state folder of the agent */
  readonly token: string;
}

/** Identifiers that one person proved, the earliest at `provenAt`. */
export interface Proof {
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  readonly provenAt: Date;
}

const questionSchema = z.object({
  question: z.string(),
  state: z.enum(['waiting', 'answered', 'not-asked', 'refused']),
  advice: z.enum(['no-record', 'review', 'verify-identity']).optional(),
});

/** A question as the agent shows it. */
export type Question = z.infer<typeof questionSchema>;

const mostMs = 5_000;

/** Hands a question to the agent; undefined where it will never take it. @throws where it is away, or takes no token */
export async function keep(
  agent: AgentOptions,
  { ref, email, phone, provenAt }: Proof & { readonly ref: string },
): Promise<Question | undefined> {
  const response = await ask(agent, '/checks', {
    method: 'POST',
    body: JSON.stringify({
      purpose: 'signup',
      ref,
      identifiers: { email, phone },
      provenAt: provenAt.toISOString(),
    }),
  });
  return response.status === 422 ? undefined : read(response);
}

/** Undefined where the agent does not know it any more. */
export async function look(agent: AgentOptions, question: string): Promise<Question | undefined> {
  const response = await ask(agent, `/checks/${question}`);
  return response.status === 404 ? undefined : read(response);
}

const ask = ({ url, token }: AgentOptions, path: string, init: RequestInit = {}) =>
  fetch(new URL(path, url), {
    ...init,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(mostMs),
  });

async function read(response: Response): Promise<Question> {
  // No body in the message: it goes into logs.
  if (!response.ok) throw new Error(`the agent answered ${response.status}`);
  return questionSchema.parse(await response.json());
}
