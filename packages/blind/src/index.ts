export {
  blind,
  finalize,
  token,
  tokenBytes,
  tokenInput,
  type BlindedBatch,
  type Evaluation,
} from './client.ts';
export { BlindError, type BlindErrorCode } from './errors.ts';
export { largestBatch, ready } from './suite.ts';
