import { concatBytes } from '@recourse/protocol';
import { RecourseError } from '../errors.ts';

/** The part of `fetch` that the SDK uses. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** An answer, read whole: the receipt covers the bytes. */
export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
  readonly receipt: string | undefined;
  readonly retryAfterSeconds: number | undefined;
}

export interface Request {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly contentType?: string;
  readonly body?: string;
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal | undefined;
  /** A longer body is refused as soon as it is; without it, whatever comes */
  readonly mostBytes?: number | undefined;
}

/**
 * One HTTP exchange. Redirects are refused: a signed call goes to the registry it names, and nowhere else.
 * @throws RecourseError `unavailable` when no whole answer came, `answer-invalid` for a body beyond `mostBytes`;
 *   the signal's reason when it was aborted
 */
export async function exchange(fetch: Fetch, request: Request): Promise<RawAnswer> {
  const deadline = AbortSignal.timeout(request.timeoutSeconds * 1000);
  const signal = request.signal ? AbortSignal.any([request.signal, deadline]) : deadline;
  request.signal?.throwIfAborted();
  try {
    const response = await fetch(request.url, {
      method: request.method,
      ...(request.contentType ? { headers: { 'content-type': request.contentType } } : {}),
      ...(request.body === undefined ? {} : { body: request.body }),
      redirect: 'error',
      cache: 'no-store',
      credentials: 'omit',
      signal,
    });
    return {
      status: response.status,
      contentType: (response.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '',
      body: await readBody(response, request.mostBytes),
      receipt: response.headers.get('recourse-receipt') ?? undefined,
      retryAfterSeconds: readRetryAfter(response.headers.get('retry-after')),
    };
  } catch (cause) {
    request.signal?.throwIfAborted();
    if (cause instanceof RecourseError) throw cause;
    throw new RecourseError('unavailable', { cause });
  }
}

async function readBody(response: Response, most = Number.POSITIVE_INFINITY): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) return concatBytes(...parts);
    size += part.value.length;
    if (size > most) {
      await reader?.cancel().catch(() => undefined);
      throw new RecourseError('answer-invalid', { status: response.status });
    }
    parts.push(part.value);
  }
}

/** Delay-seconds only (RFC 9110, section 10.2.3): the registry sends no dates. */
function readRetryAfter(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}
