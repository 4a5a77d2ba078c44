export { deriveKeyPair, evaluateBatch, evaluateToken, type KeyPair } from './evaluate.ts';
export { EvaluationPool } from './evaluation-pool.ts';
export { ready } from './suite.ts';
