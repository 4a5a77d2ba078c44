import { createHash } from 'node:crypto';
import type { Problem } from '@recourse/protocol';
import type { CallAnswer } from '@recourse/registry';

/** One request as it ended. */
export interface EndedRequest {
  /** Of a closed list, whatever was asked for */
  readonly operation: string;
  /** 499 when the client did not wait for it */
  readonly status: number;
  readonly seconds: number;
  /** Why it was refused */
  readonly refused?: Problem;
  /** The verified signer of its call */
  readonly caller?: CallAnswer['caller'];
}

export type OnEnded = (request: EndedRequest) => void;

/** Callers choose a jti, which could spell whatever they like; they compute the same from it. */
export const callId = (jti: string): string =>
  createHash('sha256').update(jti).digest('hex').slice(0, 16);
