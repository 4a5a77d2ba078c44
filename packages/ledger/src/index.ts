export { LedgerError, type LedgerErrorCode } from './errors.ts';
export {
  inclusionProof,
  merkleTree,
  rootFromInclusion,
  verifyInclusion,
  type Inclusion,
} from './inclusion.ts';
export { leafHash, merkleRoot, nodeHash } from './merkle.ts';
