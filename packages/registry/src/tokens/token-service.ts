import { BlindError } from '@recourse/blind';
import type { EvaluationPool, KeyPair } from '@recourse/blind/server';
import { fromBase64url, Problem, toBase64url } from '@recourse/protocol';
import type { TokenEpoch, TokenService } from '../context.ts';

/** One epoch of the OPRF with its secret, which is kept outside the database, under other custody. */
export interface SecretEpoch extends KeyPair {
  readonly epoch: number;
  readonly opensAt: Date;
  readonly closesAt?: Date;
}

export interface TokenServiceOptions {
  readonly epochs: readonly SecretEpoch[];
  readonly pool: Pick<EvaluationPool, 'evaluate'>;
  clock(): Date;
}

/** Seconds after which a caller may try again when too many batches wait. */
const retryAfterSeconds = 1;

/** Evaluates under the epochs that are live at the moment; the others are unknown, whatever keys are here. */
export function createTokenService(options: TokenServiceOptions): TokenService {
  const all = options.epochs.map((secret) => ({ secret, published: publish(secret) }));
  const live = (): typeof all => {
    const now = options.clock();
    return all.filter(({ secret }) => isLive(secret, now));
  };
  return {
    epochs: () => live().map(({ published }) => published),
    evaluate: async (epoch, blinded) => {
      const key = live().find(({ secret }) => secret.epoch === epoch);
      if (!key) throw new Problem('unknown-epoch');
      const { secretKey, publicKey } = key.secret;
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
    throw new Problem('invalid-input', { issues: [{ path: 'blinded', code: error.code }] });
  }
  throw new Problem('overloaded', { retryAfterSeconds, cause: error });
}
