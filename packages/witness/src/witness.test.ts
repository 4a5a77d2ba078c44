import {
  addSignatures,
  encodeAddCheckpoint,
  encodeVerifierKey,
  parseSignatures,
  verifyCheckpoint,
  verifyNote,
} from '@recourse/ledger';
import { utf8 } from '@recourse/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  assertOneHistory,
  logSigner,
  memoryWitnessStore,
  noteOf,
  requestOf,
  signerOf,
  statementOf,
  timeOf,
  witnessSigner,
  type Branch,
  type Statement,
} from '../tests/fixtures.ts';
import { Witness, type WitnessStore } from './index.ts';

const at = (seconds: number) => new Date(seconds * 1000);

function witnessOf({
  store = memoryWitnessStore(),
  clock = () => at(1_000),
  signer = witnessSigner,
} = {}): Witness {
  return new Witness({ signer, logs: [logSigner.key], store, clock });
}

describe('a witness answers (tlog-witness, "add-checkpoint")', () => {
  test('with a cosignature that verifies on the checkpoint', async () => {
    const witness = witnessOf();
    const answer = await witness.addCheckpoint(await requestOf('a', { oldSize: 0, size: 7 }));
    expect(answer.status).toBe(200);
    const note = addSignatures(await noteOf('a', 7), parseSignatures(answer.body));
    const { checkpoint, witnesses } = await verifyCheckpoint(note, {
      log: logSigner.key,
      witnesses: [witnessSigner.key],
      threshold: 1,
    });
    expect([checkpoint.size, witnesses]).toEqual([7, [{ key: witnessSigner.key, time: 1_000 }]]);
    expect(witness.key).toBe(encodeVerifierKey(witnessSigner.key));
    expect(await witness.logs()).toEqual([{ origin: 'log.example', size: 7 }]);
  });

  test.each([
    ['the same tree again', 'a', { oldSize: 7, size: 7 }, 200],
    ['a larger tree', 'a', { oldSize: 7, size: 9 }, 200],
    ['an old size above the size', 'a', { oldSize: 9, size: 8 }, 400],
    [
      'another signer',
      'a',
      { oldSize: 7, size: 9, signer: signerOf('log.example', 'ed25519', 9) },
      403,
    ],
    [
      'another log',
      'a',
      { oldSize: 0, size: 9, signer: signerOf('other.example', 'ed25519', 1) },
      404,
    ],
    ['a smaller tree', 'a', { oldSize: 6, size: 6 }, 409],
    ['a wrong old size', 'a', { oldSize: 0, size: 9 }, 409],
    ['another root of the same size', 'b', { oldSize: 7, size: 7 }, 409],
    ['another history', 'b', { oldSize: 7, size: 9 }, 422],
  ] as const)('%s', async (...[, branch, wanted, status]) => {
    const witness = witnessOf();
    await witness.addCheckpoint(await requestOf('a', { oldSize: 0, size: 7 }));
    const answer = await witness.addCheckpoint(await requestOf(branch, wanted));
    expect(answer.status).toBe(status);
    expect(answer.contentType).toMatch(status === 409 ? /^text\/x\.tlog\.size$/ : /^text\/plain/);
    expect(answer.body).toMatch(status === 409 ? /^7\n$/ : /\n$/);
    const [held] = await witness.logs();
    expect(held?.size).toBe(status === 200 ? wanted.size : 7);
  });

  test('what is no request with 400', async () => {
    const { status } = await witnessOf().addCheckpoint(utf8('old 0\n\nno checkpoint\n'));
    expect(status).toBe(400);
  });

  test('what contradicts its tree with both notes, and a stale size without', async () => {
    const witness = witnessOf();
    await witness.addCheckpoint(await requestOf('a', { oldSize: 0, size: 7 }));
    const contradiction = { held: await noteOf('a', 7), offered: await noteOf('b', 7) };
    const fork = await witness.addCheckpoint(await requestOf('b', { oldSize: 7, size: 7 }));
    expect(fork.contradiction).toEqual(contradiction);
    const later = await witness.addCheckpoint(await requestOf('b', { oldSize: 7, size: 9 }));
    expect(later.contradiction).toEqual({ ...contradiction, offered: await noteOf('b', 9) });
    const stale = await witness.addCheckpoint(await requestOf('a', { oldSize: 0, size: 9 }));
    expect(stale.contradiction).toBeUndefined();
  });

  test('and keeps no signature line that is not of the log', async () => {
    const store = memoryWitnessStore();
    const foreign = { name: 'x.example', id: 1, signature: new Uint8Array(60_000) };
    const note = addSignatures(await noteOf('a', 7), [foreign]);
    const { status } = await witnessOf({ store }).addCheckpoint(
      utf8(encodeAddCheckpoint({ oldSize: 0, proof: [], note })),
    );
    expect(status).toBe(200);
    const stored = await store.exclusively('log.example', ({ latest }) => Promise.resolve(latest));
    expect(stored?.note).toBe(await noteOf('a', 7));
    await verifyNote(stored!.note, [logSigner.key]);
  });
});

describe('a witness is not made of keys', () => {
  test('that sign other things, or count twice', () => {
    const [store, clock] = [memoryWitnessStore(), () => at(0)];
    const log = logSigner.key;
    for (const [signer, logs] of [
      [signerOf('witness.example', 'ed25519', 2), [log]],
      [witnessSigner, [signerOf('log.example', 'cosignature', 1).key]],
      [signerOf('witness.example', 'cosignature', 1), [log]],
      [witnessSigner, [log, log]],
    ] as const) {
      expect(() => new Witness({ signer, logs, store, clock })).toThrow(
        expect.objectContaining({ code: 'log-invalid' }),
      );
    }
  });
});

describe('what a witness said stays true', () => {
  test('the time of a cosignature never goes back, whatever the clock does', async () => {
    const times = [1_000, 900, 1_001];
    const witness = witnessOf({ clock: () => at(times.shift()!) });
    const said: number[] = [];
    for (const oldSize of [0, 6, 6]) {
      const { body } = await witness.addCheckpoint(await requestOf('a', { oldSize, size: 6 }));
      said.push(timeOf(body));
    }
    expect(said).toEqual([1_000, 1_000, 1_001]);
  });

  test('nothing is signed that could not be recorded', async () => {
    let signatures = 0;
    const inner = memoryWitnessStore();
    const broken: WitnessStore = {
      ...inner,
      exclusively: (origin, step) =>
        inner.exclusively(origin, (log) =>
          step({ ...log, record: () => Promise.reject(new Error('disk full')) }),
        ),
    };
    const signer = { ...witnessSigner, sign: () => (signatures++, new Uint8Array(64)) };
    const asked = witnessOf({ store: broken, signer }).addCheckpoint(
      await requestOf('a', { oldSize: 0, size: 6 }),
    );
    await expect(asked).rejects.toThrow('disk full');
    expect(signatures).toBe(0);
  });

  const request = fc.record({
    branch: fc.constantFrom<Branch>('a', 'b'),
    oldSize: fc.option(fc.nat(12), { freq: 2 }),
    size: fc.nat(12),
  });
  const rounds = fc.array(fc.array(request, { minLength: 1, maxLength: 6 }), { maxLength: 10 });

  test('in any sequence of requests, also at once: one history, growing', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(rounds, fc.array(fc.nat(100)), async (batches, times) => {
        const statements: Statement[] = [];
        const sign = (message: Uint8Array) => {
          statements.push(statementOf(message));
          return witnessSigner.sign(message);
        };
        const clock = () => at(times.shift() ?? 0);
        const witness = witnessOf({ signer: { ...witnessSigner, sign }, clock });
        for (const batch of batches) {
          const held = (await witness.logs())[0]!.size;
          const bodies = await Promise.all(
            batch.map(({ branch, oldSize, size }) =>
              requestOf(branch, { oldSize: oldSize ?? held, size }),
            ),
          );
          const answers = await Promise.all(bodies.map((body) => witness.addCheckpoint(body)));
          accepted += answers.filter(({ status }) => status === 200).length;
        }
        assertOneHistory(statements);
      }),
      { numRuns: 200 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});

test('a forked head is refused by two of three witnesses, and so by their policy', async () => {
  const signers = [11, 12, 13].map((seed) => signerOf(`w${seed}.example`, 'cosignature', seed));
  const witnesses = signers.map((signer) => witnessOf({ signer }));
  const policy = { log: logSigner.key, witnesses: signers.map(({ key }) => key), threshold: 2 };
  const collect = async (
    branch: Branch,
    witnesses: readonly Witness[],
    step: { oldSize: number; size: number },
  ) => {
    const body = await requestOf(branch, step);
    const answers = await Promise.all(witnesses.map((witness) => witness.addCheckpoint(body)));
    const lines = answers.filter(({ status }) => status === 200).map((answer) => answer.body);
    const note = await noteOf(branch, step.size);
    return lines.length === 0 ? note : addSignatures(note, parseSignatures(lines.join('')));
  };
  // The third has seen nothing: it believes the fork.
  const seen = witnesses.slice(0, 2);
  expect(
    (await verifyCheckpoint(await collect('a', seen, { oldSize: 0, size: 8 }), policy)).witnesses,
  ).toHaveLength(2);
  for (const oldSize of [0, 8]) {
    const forked = await collect('b', witnesses, { oldSize, size: 9 });
    await expect(verifyCheckpoint(forked, policy)).rejects.toMatchObject({
      code: 'witnesses-missing',
    });
  }
});
