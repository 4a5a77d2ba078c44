import { newCaseSecret } from '@recourse/protocol';
import { cryptoRandom, type Random } from '../random.ts';

export {
  caseClient,
  type CaseCallOptions,
  type CaseClient,
  type CaseClientOptions,
} from './case-client.ts';
export type { CaseArguments, CaseMethod, CaseResult } from './case-methods.ts';
export { memorySigningKeys, type SigningKeys } from './signing-keys.ts';
export {
  isRecourseError,
  RecourseError,
  type Issue,
  type RecourseErrorCode,
  type SdkErrorCode,
} from '../errors.ts';
export type { PinStore } from '../pins.ts';

/** A new key for a case, for a find or for a ticket: 160 random bits. It lets its holder act on the case. */
export const newCaseKey = (random: Random = cryptoRandom): string => newCaseSecret(random);
