import { randomBytes } from 'node:crypto';
import {
  edgeRoot,
  encodeCheckpoint,
  encodeEntryBundle,
  growTree,
  leafHash,
  newTiles,
  readEdge,
  signNote,
  tilePath,
  tileWidth,
  type NoteSigner,
  type TilePath,
  type VerifierKey,
} from '@recourse/ledger';
import {
  concatBytes,
  detailDigest,
  disclosurePair,
  fromBase64url,
  generateKey,
  jcs,
  sanctionRef,
  signerFromJwk,
  toBase64url,
  toTimestamp,
  utf8,
} from '@recourse/protocol';
import { LedgerReader, type Db, type LogCopy, type Vault } from '@recourse/registry';
import { sql } from 'kysely';

/** A copy of the log that goes on behind the database, as others kept it. */
export interface LostTail {
  readonly copy: LogCopy;
  readonly note: string;
  readonly key: VerifierKey;
}

/**
 * What a database that was restored has lost: of a third of its records, which live, so many were told to one more
 * platform each, and then suspended.
 */
export async function loseTail(
  db: Db,
  { vault, records }: { vault: Vault; records: number },
): Promise<LostTail> {
  await sql`update sanctions set end_recorded = false, expires_at = now() + interval '1 year'
    where md5(id) < '55'`.execute(db);
  const entries = await entriesOf(db, { vault, records });
  const { size } = await db.selectFrom('ledger_state').select('size').executeTakeFirstOrThrow();
  const reader = new LedgerReader(db);
  const readTile = async (level: number, index: number, width: number) =>
    (await reader.tile({ level, index, width })) ?? new Uint8Array();
  const texts = entries.map((entry) => utf8(jcs(entry)));
  const { edge, tiles } = growTree(await readEdge(size, readTile), texts.map(leafHash));
  const files = new Map<string, Uint8Array>(tiles.map((tile) => [tilePath(tile), tile.bytes]));
  for (const { level, index, width } of newTiles(size, edge.size)) {
    if (level !== 0) continue;
    const begin = index * tileWidth;
    const known = Math.max(0, Math.min(tileWidth, size - begin));
    const before = known === 0 ? undefined : await reader.bundle({ index, width: known });
    const first = Math.max(0, begin - size);
    const added = encodeEntryBundle(texts.slice(first, first + width - known));
    const bundle = concatBytes(before ?? new Uint8Array(), added);
    files.set(tilePath({ level: 'entries', index, width }), bundle);
  }
  const signer = await newSigner();
  const note = await signNote(
    encodeCheckpoint({
      origin: signer.key.name,
      size: edge.size,
      root: edgeRoot(edge),
      extensions: [],
    }),
    [signer],
  );
  const copy = {
    checkpoint: async () => utf8(note),
    file: async (path: TilePath) => files.get(tilePath(path)) ?? (await stored(reader, path)),
  };
  return { copy, note, key: signer.key };
}

const stored = (reader: LedgerReader, { level, ...place }: TilePath) =>
  level === 'entries' ? reader.bundle(place) : reader.tile({ level, ...place });

async function entriesOf(db: Db, { vault, records }: { vault: Vault; records: number }) {
  const cases = await db
    .selectFrom('case_keys')
    .selectAll()
    .orderBy(sql`md5(sanction)`)
    .limit(records)
    .execute();
  const platforms = await db
    .selectFrom('parties')
    .select('id')
    .where('kind', '=', 'platform')
    .execute();
  const at = toTimestamp(new Date());
  if (cases.length < records) throw new Error('too few records');
  return cases.flatMap((row, i) => {
    const { sanction } = row;
    const key = vault.openCase(row);
    const party = platforms[i % platforms.length]!.id;
    const ref = sanctionRef(key.salt('ref'), sanction);
    const pair = disclosurePair(key.salt(`pair:${party}`), { sanction, party });
    return [
      { v: 1, at, type: 'sanction-disclosed', pair, digest: digest() },
      { v: 1, at, type: 'sanction-suspended', ref, digest: digest(), cause: 'restore' },
    ];
  });
}

/** What it says nobody can read. */
const digest = (): string => detailDigest(toBase64url(randomBytes(32)), {});

async function newSigner(): Promise<NoteSigner> {
  const signer = await signerFromJwk(await generateKey());
  const { publicJwk } = signer;
  if (publicJwk.kty !== 'OKP') throw new TypeError('not Ed25519');
  const publicKey = fromBase64url(publicJwk.x);
  const key = { name: 'bench.example/ledger', type: 'ed25519', publicKey } as const;
  return { key, sign: (message) => signer.sign(message) };
}
