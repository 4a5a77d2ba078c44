import {
  cosign,
  encodeSignatures,
  encodeVerifierKey,
  parseNote,
  parseTlogProof,
  verifyCheckpoint,
  verifyTlogProof,
  type NoteSigner,
} from '@recourse/ledger';
import { entryLeafHash, toWitnessPolicy, type LoggedWitnessPolicy } from '@recourse/protocol';
import {
  insertCosignature,
  LedgerReader,
  logFirstPolicy,
  newestCheckpoint,
  readPolicies,
  readWitnessRound,
  Sequencer,
  serveCheckpoint,
} from '@recourse/registry';
import { startTestRegistry, type TestKey, type TestRegistry } from '@recourse/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commit, drain, newSigner, newWitness, signing } from './ledger-fixture.ts';

let registry: TestRegistry;
let ledger: LedgerReader;
let signer: NoteSigner;
let witnesses: Record<'a' | 'b' | 'c' | 'd', NoteSigner>;
type Name = keyof typeof witnesses;
beforeEach(async () => {
  registry = await startTestRegistry();
  ledger = new LedgerReader(registry.db);
  signer = await newSigner();
  const witnessOf = (name: string) => newWitness(`${name}.example/witness`);
  witnesses = {
    a: await witnessOf('a'),
    b: await witnessOf('b'),
    c: await witnessOf('c'),
    d: await witnessOf('d'),
  };
  await logFirstPolicy(registry.db, registry.now());
});
afterEach(() => registry.close());

const keyOf = (name: Name): string => encodeVerifierKey(witnesses[name].key);
const adminOf = (name: Name): TestKey => {
  const { harbour, tubely, market, panel } = registry.parties;
  return { a: harbour.admin, b: tubely.admin, c: market.admin, d: panel[0] }[name];
};

/** What a party has registered from now on; `as` its other witness. */
async function register(name: Name, as = name): Promise<void> {
  const input = { key: keyOf(as), url: `https://${as}.example/witness` };
  expect((await registry.call(adminOf(name), 'parties.witness', input)).status).toBe(200);
}

const takeBack = (name: Name) => registry.call(adminOf(name), 'parties.witness', { key: null });

/** One entry more, sequenced and signed. @returns the size of the checkpoint */
async function grow(): Promise<number> {
  await commit(registry.db, ['x']);
  await drain(new Sequencer(registry.db));
  return (await signing(registry.db, signer))!.size;
}

/** These witnesses cosign the newest checkpoint, one after the other. */
async function cosigned(...names: Name[]): Promise<void> {
  for (const name of names) await store(name);
}

async function store(name: Name, checkpoint?: { size: number; note: string }): Promise<void> {
  const { size, note } = checkpoint ?? (await newestCheckpoint(registry.db))!;
  const signature = await cosign(parseNote(note).text, { signer: witnesses[name], time: 1 });
  const line = encodeSignatures([signature]);
  const at = registry.now();
  await insertCosignature(registry.db, { size, key: keyOf(name), line, at });
  await serveCheckpoint(registry.db, { size, now: at });
}

const servedSize = async (): Promise<number> =>
  Number((await ledger.checkpoint())?.split('\n')[1] ?? 0);

/** Policy number `n`, counted from the one of the first start. */
async function policy(n: number): Promise<LoggedWitnessPolicy> {
  return (await readPolicies(registry.db))[n]!.detail;
}
const accepts = async (n: number): Promise<boolean> => {
  const note = (await ledger.checkpoint()) ?? '';
  const witnessPolicy = toWitnessPolicy(signer.key, await policy(n));
  return verifyCheckpoint(note, witnessPolicy).then(
    () => true,
    () => false,
  );
};

/** Whether the proof of policy `n` that is served holds under policy `under`. */
async function follows(n: number, under: number): Promise<boolean> {
  const leaf = entryLeafHash((await readPolicies(registry.db))[n]!);
  const proof = (await ledger.proof(leaf)) ?? '';
  const witnessPolicy = toWitnessPolicy(signer.key, await policy(under));
  return verifyTlogProof(proof, { leaf, policy: witnessPolicy }).then(
    () => true,
    () => false,
  );
}

describe('without witnesses', () => {
  test('a checkpoint is served as it is signed', async () => {
    expect(await ledger.checkpoint()).toBeUndefined();
    const size = await grow();
    expect([await servedSize(), await accepts(0)]).toEqual([size, true]);
  });
});

describe('with a policy of two of three', () => {
  let size: number;
  beforeEach(async () => {
    for (const name of ['a', 'b', 'c'] as const) await register(name);
    await grow();
    await cosigned('a', 'b');
    size = await servedSize();
  });

  test('a checkpoint is served once two have cosigned it, and with every line there is', async () => {
    expect(size).toBeGreaterThan(0);
    expect(await accepts(3)).toBe(true);
    const next = await grow();
    expect(await servedSize()).toBe(size);
    await cosigned('c');
    expect(await servedSize()).toBe(size);
    await cosigned('a');
    expect(await servedSize()).toBe(next);
    await cosigned('b');
    const { signatures } = parseNote((await ledger.checkpoint())!);
    expect(signatures.map(({ name }) => name)).toEqual([
      signer.key.name,
      'c.example/witness',
      'a.example/witness',
      'b.example/witness',
    ]);
  });

  test('an entry is proven under the checkpoint that is served', async () => {
    const leaf = entryLeafHash((await readPolicies(registry.db))[0]!);
    const under = async () => parseTlogProof((await ledger.proof(leaf))!).checkpoint;
    await grow();
    expect(await under()).toBe(await ledger.checkpoint());
  });

  test('cosignatures of an older checkpoint that come late never take the newest one back', async () => {
    await grow();
    await cosigned('a');
    const older = (await newestCheckpoint(registry.db))!;
    const newer = await grow();
    await cosigned('a', 'b');
    expect(await servedSize()).toBe(newer);
    await store('b', older);
    const again = { size: older.size, now: registry.now() };
    expect([await serveCheckpoint(registry.db, again), await servedSize()]).toEqual([false, newer]);
  });

  test('the same witness counts once, however often it cosigns', async () => {
    await grow();
    await cosigned('a', 'a');
    expect(await servedSize()).toBe(size);
  });

  test('one of nobody counts nothing', async () => {
    await grow();
    await cosigned('a', 'd');
    expect(await servedSize()).toBe(size);
  });
});

describe('a change of the policy', () => {
  beforeEach(async () => {
    for (const name of ['a', 'b'] as const) await register(name);
    await grow();
    await cosigned('a', 'b');
  });

  test('leaves what was served before it valid under the one before', async () => {
    const size = await servedSize();
    await register('c');
    await grow();
    expect([await servedSize(), await accepts(2)]).toEqual([size, true]);
  });

  test('is served once the new policy and the one before accept it: who follows loses nothing', async () => {
    const size = await servedSize();
    await register('c');
    const next = await grow();
    await cosigned('a', 'c');
    expect(await servedSize()).toBe(size);
    await cosigned('b');
    expect([await servedSize(), await accepts(2), await accepts(3)]).toEqual([next, true, true]);
    expect(await follows(3, 2)).toBe(true);
  });

  test('needs the new policy, whatever the one before accepts', async () => {
    const size = await servedSize();
    await register('a', 'd');
    await grow();
    await cosigned('a', 'b');
    expect(await servedSize()).toBe(size);
    await cosigned('d');
    expect(await servedSize()).toBeGreaterThan(size);
  });

  test('waits half a minute for witnesses that are gone, and then no longer', async () => {
    const size = await servedSize();
    await takeBack('b');
    await grow();
    await cosigned('a');
    expect(await servedSize()).toBe(size);
    registry.advance(31);
    const { newest } = (await readWitnessRound(registry.db, registry.now()))!;
    await serveCheckpoint(registry.db, { size: newest.size, now: registry.now() });
    expect([await servedSize(), await accepts(3)]).toEqual([newest.size, true]);
  });

  test('is proven to who comes much later, when no witness of then is left', async () => {
    const changes: [Name, Name][] = [
      ['a', 'c'],
      ['b', 'd'],
    ];
    for (const [party, as] of changes) {
      await register(party, as);
      await grow();
      await cosigned('a', 'b', 'c', 'd');
    }
    await grow();
    await cosigned('c', 'd');
    expect([await accepts(2), await accepts(4)]).toEqual([false, true]);
    expect([await follows(3, 2), await follows(4, 3)]).toEqual([true, true]);
  });

  test('that came and went before anything was served asks nobody', async () => {
    await register('c');
    await takeBack('c');
    const next = await grow();
    await cosigned('a', 'b');
    expect([await servedSize(), await accepts(2), await accepts(4)]).toEqual([next, true, true]);
    expect([await follows(3, 2), await follows(4, 2)]).toEqual([true, true]);
  });

  test('leaves a witness that was taken back asked for an hour', async () => {
    await takeBack('b');
    const asked = async () =>
      (await readWitnessRound(registry.db, registry.now()))!.witnesses.map(({ key }) => key);
    expect((await asked()).toSorted()).toEqual([keyOf('a'), keyOf('b')].toSorted());
    registry.advance(3_601);
    expect(await asked()).toEqual([keyOf('a')]);
  });
});
