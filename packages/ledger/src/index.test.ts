import { expect, test } from 'vitest';
import { servedTree, signerOf, utf8 } from '../tests/fixtures.ts';
import * as ledger from './index.ts';

const log = signerOf('registry.example/ledger', 'ed25519', 1);
const witness = signerOf('witness.example', 'cosignature', 2);
const policy = { log: log.key, witnesses: [witness.key], threshold: 1 };
const entries = Array.from({ length: 600 }, (_, i) => utf8(`entry ${i}`));

/** The example of the README: a log signs, a witness cosigns each growth, a reader checks offline. */
test('an entry goes from the log by a witness to a reader without a network', async () => {
  let edge = ledger.emptyEdge;
  let held: ledger.WitnessedLog = { origin: log.key.name, keys: [log.key] };
  for (const size of [1, 256, 300, 600]) {
    const oldSize = edge.size;
    const leaves = entries.slice(0, size).map(ledger.leafHash);
    edge = ledger.growTree(edge, leaves.slice(oldSize)).edge;
    const { readTile } = servedTree(leaves);
    const checkpoint = { origin: log.key.name, size, root: ledger.edgeRoot(edge), extensions: [] };
    const note = await ledger.signNote(ledger.encodeCheckpoint(checkpoint), [log]);

    const growth = await ledger.consistencyProofFromTiles({ oldSize, size }, readTile);
    const body = ledger.encodeAddCheckpoint({ oldSize, proof: growth, note });
    const answer = await ledger.considerCheckpoint(held, ledger.parseAddCheckpoint(body));
    if (answer.outcome !== 'accepted') throw new Error(answer.outcome);
    held = { ...held, latest: answer.checkpoint };
    const cosignature = await ledger.cosign(answer.text, { signer: witness, time: size });
    const lines = ledger.encodeSignatures([cosignature]);
    const signed = ledger.addSignatures(note, ledger.parseSignatures(lines));

    const index = size - 1;
    const proof = await ledger.inclusionProofFromTiles({ index, size }, readTile);
    const file = ledger.encodeTlogProof({ index, proof, checkpoint: signed });
    const leaf = ledger.leafHash(entries[index]!);
    expect(await ledger.verifyTlogProof(file, { leaf, policy })).toEqual({
      index,
      checkpoint,
      witnesses: [{ key: witness.key, time: size }],
    });
  }
});
