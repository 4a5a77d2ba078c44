export { encodeAddCheckpoint, parseAddCheckpoint, type AddCheckpoint } from './add-checkpoint.ts';
export { encodeCheckpoint, parseCheckpoint, type Checkpoint } from './checkpoint.ts';
export {
  addCheckpointStatus,
  considerCheckpoint,
  type Consideration,
  type WitnessedLog,
} from './consider-checkpoint.ts';
export { consistencyProof, verifyConsistency, type Consistency } from './consistency.ts';
export { cosign, parseTimestampedSignature, type TimestampedSignature } from './cosignature.ts';
export type { Ed25519Verify } from './ed25519.ts';
export { encodeEntryBundle, parseEntryBundle } from './entry-bundle.ts';
export { LedgerError, type LedgerErrorCode } from './errors.ts';
export {
  inclusionProof,
  merkleTree,
  rootFromInclusion,
  verifyInclusion,
  type Inclusion,
} from './inclusion.ts';
export { leafHash, merkleRoot, nodeHash } from './merkle.ts';
export {
  addSignatures,
  encodeNote,
  encodeSignatures,
  onlySignaturesOf,
  parseNote,
  parseSignatures,
  type Note,
  type NoteSignature,
} from './note.ts';
export {
  signatureFault,
  withLowS,
  type SignatureAlg,
  type SignatureFault,
} from './signature-rule.ts';
export { signNote, type NoteSigner } from './sign-note.ts';
export { parseTilePath, tilePath, type TilePath } from './tile-path.ts';
export {
  consistencyProofFromTiles,
  inclusionProofFromTiles,
  rootFromTiles,
  type ReadTile,
} from './tile-proof.ts';
export { encodeTile, newTiles, parseTile, tileWidth, type Tile, type TileId } from './tile.ts';
export {
  encodeTlogProof,
  parseTlogProof,
  verifyTlogProof,
  type TlogProof,
  type VerifiedTlogProof,
} from './tlog-proof.ts';
export { edgeRoot, emptyEdge, growTree, readEdge, type TreeEdge } from './tree-edge.ts';
export {
  encodeVerifierKey,
  keyId,
  parseVerifierKey,
  type SignatureType,
  type VerifierKey,
} from './verifier-key.ts';
export {
  verifyNote,
  type VerifiedNote,
  type VerifiedSignature,
  type VerifyOptions,
} from './verify-note.ts';
export {
  unwitnessed,
  verifyCheckpoint,
  type WitnessedCheckpoint,
  type WitnessPolicy,
  type WitnessStatement,
} from './witness-policy.ts';
