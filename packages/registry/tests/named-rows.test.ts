import { reviewIdOf, type OpName, type OpOutput } from '@recourse/protocol';
import type { TestKey, TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  appealCase,
  assign,
  newCase,
  startAppealRegistry,
  takeWithKey,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { matchesOf } from './derived-fixture.ts';
import { refOf, tell } from './recalls-fixture.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startAppealRegistry();
});
afterAll(() => registry.close());

const read = async <N extends OpName>(key: TestKey, op: N): Promise<OpOutput<N>> =>
  resultOf(await registry.call(key, op, {} as never)) as OpOutput<N>;

test('a submitter reads in the list of appeals which of its records each is about', async () => {
  const { harbour } = registry.parties;
  const { sanction } = await newCase(registry, { told: [] });
  const { id } = await appealCase(registry, await newCase(registry, { told: [] }));
  const { appeals } = await read(harbour.trust, 'appeals.list');
  expect(appeals.find(({ appeal }) => appeal === id)).toMatchObject({ reason: 'fraud.phishing' });
  expect(appeals.map((appeal) => appeal.sanction)).not.toContain(sanction);
});

test('a question names the record to its submitter, and no more of it to whoever asks', async () => {
  const { harbour, tubely } = registry.parties;
  const theCase = await newCase(registry, { told: [] });
  const [match] = await matchesOf(registry, tubely, [theCase.tokens[0]!]);
  const input = { match: match!.match, asks: 'still-stands' } as const;
  resultOf(await registry.call(tubely.trust, 'matches.ask', input));
  const [received] = (await read(harbour.trust, 'matches.questions')).questions;
  const [asked] = (await read(tubely.trust, 'matches.questions')).questions;
  expect(received).toMatchObject({ side: 'received', about: { reason: 'fraud.phishing' } });
  expect(asked).toMatchObject({ side: 'asked' });
  expect(asked).not.toHaveProperty('about');
});

test('an outcome that is owed has the own case id of the check', async () => {
  const { tubely } = registry.parties;
  const record = await tell(registry);
  const { owed } = await read(tubely.service, 'checks.owed');
  const row = owed.find(({ match }) => match === record.matches[0]);
  expect(row).toMatchObject({ ref: refOf(tubely) });
});

test('a reviewer reads reason and platform of a case once they took it, and not before', async () => {
  const { harbour, panel } = registry.parties;
  const [key] = panel;
  await appealCase(registry, await newCase(registry, { told: [] }));
  resultOf(await assign(registry, key!));
  const [assigned] = (await read(key!, 'review.queue')).claims;
  expect(assigned).toMatchObject({ keyed: false });
  expect(assigned).not.toHaveProperty('about');
  await takeWithKey(registry, key!, reviewIdOf(assigned!));
  const [taken] = (await read(key!, 'review.queue')).claims;
  expect(taken).toMatchObject({
    keyed: true,
    about: { reason: 'fraud.phishing', platform: harbour.id },
  });
});
