import { RecourseError } from '../errors.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What came back, read whole: the receipt covers the bytes. */
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
}

/**
 * One HTTP exchange. Redirects are refused: a signed call goes to the registry it names, and nowhere else.
 * @throws RecourseError `unavailable` when no whole answer came; the signal's reason when it was aborted
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
      body: new Uint8Array(await response.arrayBuffer()),
      receipt: response.headers.get('recourse-receipt') ?? undefined,
      retryAfterSeconds: readRetryAfter(response.headers.get('retry-after')),
    };
  } catch (cause) {
    request.signal?.throwIfAborted();
    throw new RecourseError('unavailable', { cause });
  }
}

/** Delay-seconds only (RFC 9110, section 10.2.3): the registry sends no dates. */
function readRetryAfter(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}
