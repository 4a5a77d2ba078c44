import { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestAnswer, TestRegistry } from '@recourse/testkit';
import {
  appealCase,
  claimCase,
  decisionOf,
  newCase,
  startAppealRegistry,
} from './appeals-harness.ts';
import { ask, newElement, openCheck } from './checks-fixture.ts';
import { build } from './sanctions-harness.ts';

// Each statement costs the server some 0.2 ms of JavaScript, and each flush a round trip while locks are held. Whoever
// changes a figure here says why in the commit.

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

interface Traffic {
  readonly statements: number;
  /** Times that something was sent to PostgreSQL */
  readonly flushes: number;
}

/** What a call costs once its statements are prepared and its key was read: the least of some. */
async function costOf(makeCall: () => Promise<() => Promise<TestAnswer>>): Promise<Traffic> {
  const costs: Traffic[] = [];
  for (let run = 0; run < 4; run++) {
    const send = await makeCall();
    costs.push(
      await trafficOf(async () => {
        const answer = await send();
        expect(answer.raw.body).toMatch(/^\{"result"/);
      }),
    );
  }
  const [least] = costs.toSorted((a, b) => a.statements - b.statements || a.flushes - b.flushes);
  return least!;
}

/** Reads what the process writes to its sockets meanwhile: all of them lead to PostgreSQL. */
async function trafficOf(run: () => Promise<void>): Promise<Traffic> {
  const write = Reflect.get(Socket.prototype, 'write') as (...args: unknown[]) => boolean;
  const chunks: Buffer[] = [];
  Socket.prototype.write = function (this: Socket, chunk: unknown, ...rest: unknown[]) {
    if (Buffer.isBuffer(chunk)) chunks.push(chunk);
    return write.call(this, chunk, ...rest);
  };
  try {
    await run();
  } finally {
    Socket.prototype.write = write;
  }
  return {
    statements: chunks.reduce((sum, chunk) => sum + statementsIn(chunk), 0),
    flushes: chunks.length,
  };
}

/** Messages of the frontend: a type of one byte, and a length that counts itself. `Q` and `E` run a statement. */
function statementsIn(chunk: Buffer): number {
  let statements = 0;
  for (let at = 0; at + 5 <= chunk.length; at += 1 + chunk.readUInt32BE(at + 1)) {
    if (['Q', 'E'].includes(String.fromCodePoint(chunk[at]!))) statements++;
  }
  return statements;
}

test('a submission', async () => {
  const { harbour } = registry.parties;
  const cost = await costOf(async () => {
    const input = await build(registry);
    return () => registry.call(harbour.service, 'sanctions.submit', input);
  });
  expect(cost).toEqual({ statements: 12, flushes: 5 });
});

test('an evaluation', async () => {
  const { tubely } = registry.parties;
  const input = { purpose: 'signup', epochs: [1], blinded: [newElement()] } as const;
  const provenAt = Math.floor(registry.now().getTime() / 1000);
  const cost = await costOf(
    async () => () =>
      registry.call(tubely.service, 'checks.evaluate', {
        ...input,
        epochs: [1],
        blinded: [...input.blinded],
        provenAt,
      }),
  );
  expect(cost).toEqual({ statements: 4, flushes: 3 });
});

test('a match that is told for the first time, and one that comes again', async () => {
  const { tubely } = registry.parties;
  const newQuestion = async () => {
    const { tokens } = await newCase(registry, { told: [], shown: true });
    return { check: await openCheck(registry, tubely), tokens: [tokens[0]!] };
  };
  const first = await costOf(async () => {
    const asked = await newQuestion();
    return () => ask(registry, tubely, asked);
  });
  const asked = await newQuestion();
  const again = await costOf(async () => () => ask(registry, tubely, asked));
  expect({ first, again }).toEqual({
    first: { statements: 9, flushes: 4 },
    again: { statements: 5, flushes: 4 },
  });
});

test('a decision that reverses', async () => {
  const [reviewer] = registry.parties.panel;
  const cost = await costOf(async () => {
    const theCase = await newCase(registry);
    const { id: appeal } = await appealCase(registry, theCase);
    await claimCase(registry, reviewer, appeal);
    const decision = { outcome: 'reversed', cause: 'error' } as const;
    const input = await decisionOf(registry, { ...theCase, appeal, by: reviewer, decision });
    return () => registry.call(reviewer, 'review.decide', input);
  });
  expect(cost).toEqual({ statements: 45, flushes: 44 });
});

test('an appeal', async () => {
  const cost = await costOf(async () => {
    const { key } = await newCase(registry);
    const input = {
      key,
      ground: 'disproportionate',
      words: 'It was a screenshot.',
      language: 'en',
    } as const;
    return () => registry.caseCall('case.appeal', input);
  });
  expect(cost).toEqual({ statements: 23, flushes: 21 });
});

test('a look at an own record', async () => {
  const { harbour } = registry.parties;
  const { sanction } = await newCase(registry);
  const cost = await costOf(
    async () => () => registry.call(harbour.service, 'sanctions.get', { sanction }),
  );
  expect(cost).toEqual({ statements: 10, flushes: 4 });
});
