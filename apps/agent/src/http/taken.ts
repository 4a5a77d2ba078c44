import { z } from 'zod';
import type { Intent } from '../orders/intent.ts';
import type { Entry, Trouble } from '../outbox/entry.ts';
import type { Outbox, Status } from '../outbox/outbox.ts';
import { BadRequest, copyIssue, issueSchema, notFound, problem, statusOf } from './problem.ts';
import type { RouteInput, Reply } from './route.ts';

/** How it is shown why something was refused, or waits. */
export const troubleSchema = z.object({
  code: z.string(),
  title: z.string(),
  next: z.string(),
  issues: z.array(issueSchema).optional(),
  link: z.string().optional(),
});

export const shownTrouble = ({
  code,
  title,
  next,
  issues,
  link,
}: Trouble): z.infer<typeof troubleSchema> => ({
  code,
  title,
  next,
  ...(issues ? { issues: issues.map(copyIssue) } : {}),
  ...(link === undefined ? {} : { link }),
});

/** How an intent is shown. */
export const intentSchema = z.object({
  intent: z.string().describe('Its id, at /outbox/{intent}'),
  kind: z.string(),
  state: z.enum(['waiting', 'done', 'refused']),
  takenAt: z.string(),
  endedAt: z.string().optional(),
  result: z.unknown().optional().describe('What the registry answered, once it is done'),
  trouble: troubleSchema.optional().describe('Why it was refused, or why it still waits'),
});

export const shown = ({ entry, trouble }: Status): z.infer<typeof intentSchema> => ({
  intent: entry.id,
  kind: entry.kind,
  state: entry.state,
  takenAt: entry.takenAt,
  ...endOf(entry),
  ...troubleOf(entry, trouble),
});

const endOf = (entry: Entry) =>
  entry.state === 'waiting'
    ? {}
    : { endedAt: entry.endedAt, ...(entry.state === 'done' ? { result: entry.result } : {}) };

function troubleOf(entry: Entry, last: Status['trouble']) {
  const trouble = entry.state === 'refused' ? entry.trouble : last;
  if (trouble === undefined || entry.state === 'done') return {};
  return { trouble: shownTrouble(trouble) };
}

const standardWait = 10;

/** Takes an intent, and waits a while for the registry: 200 once it is done, 202 while it waits, or why it was refused. */
export async function taken(
  outbox: Outbox,
  intent: Intent,
  input: Pick<
    RouteInput<unknown, { wait?: number | undefined }, unknown>,
    'query' | 'header' | 'signal'
  >,
): Promise<Reply> {
  const { id } = outbox.take(intent, idemOf(input.header('idempotency-key')));
  const wait = AbortSignal.timeout((input.query.wait ?? standardWait) * 1000);
  const settled = await outbox.settled(id, AbortSignal.any([wait, input.signal]));
  // Somebody dropped it meanwhile.
  if (!settled) throw notFound();
  const { entry } = settled;
  if (entry.state === 'refused') {
    const { code, ...trouble } = entry.trouble;
    const status = statusOf(code);
    const headers = { 'content-type': 'application/problem+json' };
    return { status, headers, body: problem(code, { ...trouble, status, intent: id }) };
  }
  const headers = { location: `/outbox/${id}` };
  return { status: entry.state === 'done' ? 200 : 202, headers, body: shown(settled) };
}

/** Also in the quotes of the IETF draft of this header. */
function idemOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const idem = header.replace(/^"(.*)"$/, '$1');
  if (/^[\x20-\x7e]{1,255}$/.test(idem)) return idem;
  throw new BadRequest(422, {
    code: 'invalid-input',
    title: 'The Idempotency-Key does not fit.',
    next: 'Send 1 to 255 printable characters of ASCII.',
    issues: [{ path: 'header.idempotency-key', code: 'malformed' }],
  });
}
