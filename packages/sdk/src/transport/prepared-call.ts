import {
  callLifetime,
  hashText,
  signCall,
  toNumericDate,
  type CallPayload,
  type Json,
  type OpName,
  type Signer,
} from '@recourse/protocol';
import { randomName, type Random } from '../random.ts';

/** A call that the caller wants made; signed late, and anew when it has to be. */
export interface Intent {
  readonly op: OpName;
  readonly input: { readonly [member: string]: Json };
  readonly signer: Signer;
  /** Set for mutations, so that however often they are sent they have one effect. */
  readonly idem: string | undefined;
}

/** One signed call: the bytes that were sent, and what its receipt must say of them. */
export interface PreparedCall {
  readonly intent: Intent;
  readonly compact: string;
  readonly jti: string;
  /** H(call) */
  readonly hash: string;
  readonly expiresAt: Date;
}

export async function prepareCall(
  intent: Intent,
  options: {
    party: string;
    origin: string;
    now: Date;
    random: Random;
    /** The newest ledger that this caller verified: a registry with another one is found out by whoever hears of it */
    checkpoint: CallPayload['cp'];
  },
): Promise<PreparedCall> {
  const iat = toNumericDate(options.now);
  const exp = iat + callLifetime;
  const jti = randomName(options.random);
  const compact = await signCall(intent.signer, {
    iss: options.party,
    aud: options.origin,
    iat,
    exp,
    jti,
    op: intent.op,
    in: intent.input,
    ...(intent.idem === undefined ? {} : { idem: intent.idem }),
    ...(options.checkpoint === undefined ? {} : { cp: options.checkpoint }),
  });
  return { intent, compact, jti, hash: hashText(compact), expiresAt: new Date(exp * 1000) };
}
