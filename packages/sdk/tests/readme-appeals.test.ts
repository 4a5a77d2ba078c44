import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventUri, signCompact, toNumericDate, utf8 } from '@recourse/protocol';
import { newCaseKey } from '@recourse/sdk/case';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connected, type ConnectedClients } from './connected.ts';
import { appealByCode } from './examples/case.ts';
import { answerAppeal } from './examples/evidence.ts';
import { listen } from './examples/events.ts';
import { undoAll } from './examples/recalls.ts';
import { decide, takeNext } from './examples/review.ts';
import { appealRecordA, FakeAppeal, kept } from './fake-appeal.ts';
import { FakeCases } from './fake-cases.ts';
import { appealA, newSigner, now, origin, platformA, sanctionA } from './fake-registry.ts';

const recallA = 'rcl_01hzy3v7q8e9k4m5n6p7r8s9t0';
const eventA = 'evt_01hzy3v7q8e9k4m5n6p7r8s9t0';

let at: ConnectedClients;
let folder: string;
beforeEach(async () => {
  at = await connected();
  folder = await mkdtemp(join(tmpdir(), 'recourse-readme-'));
});
afterEach(() => rm(folder, { recursive: true }));

const options = () => ({
  registry: { origin, logKid: at.registry.logSigner.kid },
  fetch: at.registry.fetch,
  clock: () => now,
});
const asPlatform = () => ({
  ...options(),
  party: platformA,
  signers: { service: at.service, trust: at.trust },
});

it('takes a case, has its evidence delivered, opens it and decides', async () => {
  const { handlers } = at.registry;
  const bytes = utf8('payer,amount');
  const item = kept(bytes);
  const appeal = await FakeAppeal.open(at, [item]);
  const reviewer = await at.registry.addKey('panel', { by: appeal.chair, role: 'reviewer' });
  const asReviewer = { ...options(), party: 'panel', signers: { reviewer } };
  const waiting = { eligible: 1, all: 1, overdue: 0 };
  handlers.set('review.queue', () => ({ result: { claims: [], waiting } }));
  handlers.set('review.claim', ({ payload }) => {
    const { claim } = payload.in as { claim?: string };
    if (claim !== undefined) appeal.claims.push(claim);
    return {
      result: { ...appealRecordA, keyed: claim !== undefined, language: 'en', batch: [appealA] },
    };
  });
  const taken = await takeNext(asReviewer, folder);
  expect(taken.keyed).toBe(true);

  const path = join(folder, 'export.csv');
  await writeFile(path, bytes);
  handlers.set('appeals.respond', () => ({
    result: { appeal: appealA, state: 'open', recalls: 0 },
  }));
  const { opening } = item;
  expect(await answerAppeal(asPlatform(), appealA, { path, opening })).toEqual([]);

  let confirmed = false;
  handlers.set('evidence.confirm', () => {
    confirmed = true;
    return { result: { appeal: appealA, confirmedAt: '2026-03-01T12:00:00Z' } };
  });
  handlers.set('review.decide', () => ({
    result: { appeal: appealA, state: 'decided', outcome: 'reversed', recalls: 3 },
  }));
  expect(await decide(asReviewer, folder, taken)).toMatchObject({ recalls: 3 });
  expect(confirmed).toBe(true);
});

it('undoes what a recall names, and acknowledges', async () => {
  const ref = 'case-0123456789-abcdef';
  const telling = {
    match: 'mat_01hzy3v7q8e9k4m5n6p7r8s9t0',
    check: 'chk_01hzy3v7q8e9k4m5n6p7r8s9t0',
    ref,
    purpose: 'signup',
    toldAt: '2026-02-20T12:00:00Z',
  };
  const recall = {
    recall: recallA,
    kind: 'undo',
    sanction: sanctionA,
    version: 3,
    issuedAt: '2026-03-01T12:00:00Z',
    dueAt: '2026-03-04T12:00:00Z',
    told: [telling],
  };
  at.registry.handlers.set('recalls.list', () => ({ result: { recalls: [recall] } }));
  at.registry.handlers.set('recalls.acknowledge', ({ payload }) => {
    expect(payload.in).toEqual({ recall: recallA, action: 'undone', copies: 'deleted' });
    const acknowledgedAt = '2026-03-01T12:00:00Z';
    return { result: { recall: recallA, acknowledgedAt, open: 0, checksStopped: false } };
  });
  const undone: string[] = [];
  await undoAll(asPlatform(), async (one) => void undone.push(one));
  expect(undone).toEqual([ref]);
});

it('hears of a reversal', async () => {
  const signer = await newSigner();
  await at.registry.announce(at.registry.logSigner, signer, { use: 'event' });
  const recall = { id: recallA, kind: 'undo', dueAt: toNumericDate(now) };
  const set = await signCompact(signer, 'secevent+jwt', {
    iss: origin,
    aud: platformA,
    iat: toNumericDate(now),
    jti: eventA,
    txn: sanctionA,
    sub_id: { format: 'opaque', id: sanctionA },
    events: { [eventUri('sanction-reversed')]: { version: 3, recall } },
  });
  at.registry.handlers.set('events.poll', () => ({
    result: { sets: { [eventA]: set }, moreAvailable: false },
  }));
  const stop = new AbortController();
  const undone: string[] = [];
  const undo = async (sanction: string): Promise<void> => {
    undone.push(sanction);
    stop.abort();
  };
  await listen(asPlatform(), undo, { signal: stop.signal });
  expect(undone).toEqual([sanctionA]);
});

it('appeals by the code of a notice', async () => {
  const cases = new FakeCases(at.registry);
  cases.handlers.set('case.claim', () => ({
    data: { sanction: sanctionA, claimedAt: '2026-03-01T12:00:00Z' },
  }));
  cases.handlers.set('case.appeal', () => ({ data: appealRecordA }));
  const client = { origin, fetch: cases.fetch };
  const made = await appealByCode(client, newCaseKey(), 'It was not me.');
  expect(made).toMatchObject({ decisionDueAt: appealRecordA.decisionDueAt });
  expect(made.proof).toMatch(/^1\./);
});
