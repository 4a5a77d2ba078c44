import { BlindError } from '@recourse/blind';
import type { EvaluationPool } from '@recourse/blind/server';
import { fromBase64url, Problem, toBase64url } from '@recourse/protocol';
import { invalid } from '../../kernel/refusal.ts';
import type { TokenEpoch, TokenService } from '../../context/context.ts';

/** One epoch of the OPRF with its secret, which is kept outside the database, under other custody. */
export interface SecretEpoch {
  readonly epoch: number;
  readonly publicKey: Uint8Array;
  /** Undefined where this process has not got it */
  readonly secretKey: Uint8Array | undefined;
  readonly opensAt: Date;
  readonly closesAt?: Date;
}

export interface TokenServiceOptions {
  /** Announced epochs that did not close */
  epochs(): readonly SecretEpoch[];
  /** Of the secret that is here, announced or not */
  publicKeyOf(epoch: number): string | undefined;
  readonly pool: Pick<EvaluationPool, 'evaluate'>;
  clock(): Date;
}

/** Seconds after which a caller may try again when too many batches wait. */
const retryAfterSeconds = 1;
/** The same where the secret of a live epoch is missing. */
const secretRetrySeconds = 60;

/** Evaluates under the epochs that are live at the moment; the others are unknown, whatever keys are here. */
export function createTokenService(options: TokenServiceOptions): TokenService {
  const live = (): SecretEpoch[] => {
    const now = options.clock();
    return options.epochs().filter((secret) => isLive(secret, now));
  };
  return {
    epochs: () => live().map(publish),
    publicKeyOf: (epoch) => options.publicKeyOf(epoch),
    evaluate: async (epoch, blinded) => {
      const key = live().find((secret) => secret.epoch === epoch);
      if (!key) throw new Problem('unknown-epoch');
      const { secretKey, publicKey } = key;
      // Another server has it: one that went on without it would find nobody.
      if (!secretKey) throw new Problem('overloaded', { retryAfterSeconds: secretRetrySeconds });
      const batch = { secretKey, publicKey, blinded: blinded.map(fromBase64url) };
      const { evaluated, proof } = await options.pool.evaluate(batch).catch(refuse);
      return { elements: evaluated.map(toBase64url), proof: toBase64url(proof) };
    },
  };
}

const isLive = (epoch: SecretEpoch, now: Date): boolean =>
  epoch.opensAt <= now && (epoch.closesAt === undefined || now < epoch.closesAt);

const publish = ({ epoch, publicKey, opensAt, closesAt }: SecretEpoch): TokenEpoch => ({
  epoch,
  publicKey: toBase64url(publicKey),
  opensAt,
  ...(closesAt === undefined ? {} : { closesAt }),
});

/** Elements are attacker-controlled: one that is no element is the caller's fault, and which is not told. */
function refuse(error: unknown): never {
  if (!(error instanceof BlindError)) throw error;
  if (error.code === 'element-invalid' || error.code === 'batch-invalid') {
    throw invalid('blinded', error.code);
  }
  throw new Problem('overloaded', { retryAfterSeconds, cause: error });
}
