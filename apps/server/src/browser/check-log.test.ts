import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import {
  addSignatures,
  cosign,
  encodeCheckpoint,
  encodeTile,
  encodeVerifierKey,
  leafHash,
  merkleRoot,
  signNote,
  type NoteSigner,
  type VerifierKey,
} from '@recourse/ledger';
import { describe, expect, test } from 'vitest';
import { checkLog, type LogCheck, type ServedLog } from './check-log.ts';

function signerOf(name: string, type: VerifierKey['type'], seed: number): NoteSigner {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  const der = Buffer.concat([prefix, Buffer.alloc(32, seed)]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const raw = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32);
  const key = { name, type, publicKey: Uint8Array.from(raw) };
  return { key, sign: (message) => sign(null, message, secret) };
}

const log = signerOf('log.example/ledger', 'ed25519', 1);
const witnesses = [2, 3, 4].map((seed) => signerOf(`w${seed}.example`, 'cosignature', seed));
const policy = {
  threshold: 2,
  witnesses: witnesses.map(({ key }, at) => ({
    party: `party ${at}`,
    key: encodeVerifierKey(key),
  })),
};

/** A log of these entries, as it is served, cosigned by so many. */
async function served(
  entries: readonly string[],
  { by = 2, signer = log }: { by?: number; signer?: NoteSigner } = {},
): Promise<ServedLog> {
  const leaves = entries.map((entry) => leafHash(Buffer.from(entry)));
  const root = merkleRoot(leaves);
  const text = encodeCheckpoint({
    origin: log.key.name,
    size: leaves.length,
    root,
    extensions: [],
  });
  const note = await signNote(text, [signer]);
  const cosignatures = witnesses
    .slice(0, by)
    .map((witness, at) => cosign(text, { signer: witness, time: 1000 + at }));
  return {
    key: encodeVerifierKey(log.key),
    policy,
    note: by === 0 ? note : addSignatures(note, await Promise.all(cosignatures)),
    readTile: (_level, _index, width) => encodeTile(leaves.slice(0, width)),
  };
}

const faultOf = (check: LogCheck): string => (check.holds ? 'holds' : check.fault);
const entries = ['a', 'b', 'c', 'd', 'e'];

describe('a log that a browser looks at', () => {
  test('holds at the first look: who signed, who cosigned, and when', async () => {
    expect(await checkLog(await served(entries), undefined)).toEqual({
      holds: true,
      signedBy: 'log.example/ledger',
      size: 5,
      cosigned: [
        { party: 'party 0', time: 1000 },
        { party: 'party 1', time: 1001 },
      ],
      witnesses: 3,
    });
  });

  test.each([1, 2, 3, 4, 5])('holds when it grew from %i entries', async (size) => {
    const seen = await served(entries.slice(0, size));
    expect(await checkLog(await served(entries), seen)).toMatchObject({ holds: true, since: size });
  });

  test('is refused when it is shorter than before, though every signature is right', async () => {
    const seen = await served(entries);
    expect(faultOf(await checkLog(await served(entries.slice(0, 3)), seen))).toBe('rolled-back');
  });

  test.each([
    ['of the same size', ['a', 'b', 'c', 'd', 'x']],
    ['that is longer', ['a', 'x', 'c', 'd', 'e', 'f', 'g']],
  ])('is refused as another history %s', async (_name, other) => {
    const seen = await served(entries);
    expect(faultOf(await checkLog(await served(other), seen))).toBe('forked');
  });

  test('is refused with the signature of another key, or with one bit turned', async () => {
    const stranger = signerOf('log.example/ledger', 'ed25519', 9);
    const strange = await served(entries, { signer: stranger });
    expect(faultOf(await checkLog(strange, undefined))).toBe('forged');
    const good = await served(entries);
    const turned = { ...good, note: good.note.replace('\n5\n', '\n6\n') };
    expect(faultOf(await checkLog(turned, undefined))).toBe('forged');
    expect(faultOf(await checkLog({ ...good, note: 'x' }, undefined))).toBe('forged');
  });

  test('is refused under another key than before, which could sign another history', async () => {
    const stranger = signerOf('log.example/ledger', 'ed25519', 9);
    const strange = {
      ...(await served(entries, { signer: stranger })),
      key: encodeVerifierKey(stranger.key),
    };
    expect(faultOf(await checkLog(strange, undefined))).toBe('holds');
    expect(faultOf(await checkLog(strange, await served(entries)))).toBe('key-changed');
  });

  test.each([0, 1])('is refused with %i of the two cosignatures that it needs', async (by) => {
    expect(faultOf(await checkLog(await served(entries, { by }), undefined))).toBe(
      'witnesses-missing',
    );
  });

  test('is not judged when a tile cannot be read', async () => {
    const seen = await served(entries.slice(0, 3));
    const readTile = (): never => {
      throw new Error('offline');
    };
    await expect(checkLog({ ...(await served(entries)), readTile }, seen)).rejects.toThrow(
      'offline',
    );
  });
});
