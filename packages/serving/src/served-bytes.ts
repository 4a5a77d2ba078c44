import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);
/** Less than one packet: packing it saves nothing. */
const leastPacked = 1_400;

/** A file that many read: its bytes, their tag and their packed form are made once. */
export class ServedBytes {
  readonly text: string;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #tag: string;
  readonly #headers: ServedHeaders;
  #packed: Promise<Uint8Array<ArrayBuffer>> | undefined;

  constructor(text: string, headers: ServedHeaders) {
    this.text = text;
    this.#bytes = new TextEncoder().encode(text);
    this.#tag = createHash('sha256').update(this.#bytes).digest('base64url');
    this.#headers = { 'Cache-Control': 'no-cache', ...headers, Vary: 'Accept-Encoding' };
  }

  async answer(request: Asked): Promise<Response> {
    const isPacked = this.#bytes.length >= leastPacked && takesGzip(request);
    const [plain, packed] = [`"${this.#tag}"`, `"${this.#tag}-gzip"`];
    const headers = { ...this.#headers, ETag: isPacked ? packed : plain };
    const known = (request.req.header('If-None-Match') ?? '').split(',').map((tag) => tag.trim());
    // A weak tag matches too (RFC 9110, section 13.1.2).
    if (known.some((tag) => [plain, packed, '*'].includes(tag.replace(/^W\//, '')))) {
      const { 'Content-Type': _, ...unchanged } = headers;
      return new Response(null, { status: 304, headers: unchanged });
    }
    if (!isPacked) return new Response(this.#bytes, { headers });
    this.#packed ??= compress(this.#bytes).then((bytes) => new Uint8Array(bytes));
    const body = await this.#packed;
    return new Response(body, { headers: { ...headers, 'Content-Encoding': 'gzip' } });
  }
}

/** With the type of the file. */
export interface ServedHeaders {
  readonly 'Content-Type': string;
  readonly [name: string]: string;
}

/** A request, as Hono and others have it. */
interface Asked {
  readonly req: { header(name: string): string | undefined };
}

/** Named, and not with a weight of zero (RFC 9110, section 12.5.3) */
const named = /(?:^|,)\s*gzip\s*(?:,|$|;\s*q=(?!0(?:\.0*)?\s*(?:,|$)))/i;

export const takesGzip = ({ req }: Asked): boolean =>
  named.test(req.header('Accept-Encoding') ?? '');
