/** Job of a generator: it sends each request once, in order, by so many connections, no longer than `seconds`. */
export interface LoadJob {
  readonly url: string;
  readonly requests: readonly LoadRequest[];
  readonly connections: number;
  readonly seconds: number;
  /** Address on loopback that it comes from */
  readonly from?: string;
  /** From the beginning again when all were sent */
  readonly isRepeated?: boolean;
  /** Receipts of answers with 200 come back, too */
  readonly keepsReceipts?: boolean;
  /** Over all connections; as fast as answers come where it is left out */
  readonly perSecond?: number;
}

/** A POST, or without a body a GET. */
export interface LoadRequest {
  readonly path: string;
  readonly contentType?: string;
  readonly body?: string;
}

/** Connections that send the beginning of a request, and no end. */
export interface SlowJob {
  readonly slow: { readonly url: string; readonly connections: number; readonly from: string };
  readonly seconds: number;
}

export interface LoadResult {
  readonly answered: number;
  /** Answers by status other than 200; failures of the transport are 0 */
  readonly other: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** Milliseconds each, of answers with 200 */
  readonly latencies: readonly number[];
  /** Where the job keeps them */
  readonly receipts?: readonly string[];
  /** Body of the first answer that was not 200 */
  readonly firstOther?: string;
}
