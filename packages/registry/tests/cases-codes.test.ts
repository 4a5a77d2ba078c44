import { startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { claim, newCase, realTokens, resultOf } from './cases-fixture.ts';
import { problem, sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
});
afterAll(() => registry.close());

const day = 24 * 3600;

const ask = (key: string, email: string, language = 'en') =>
  registry.caseCall('case.setContact', { key, email, language });

const codesTo = (email: string): string[] =>
  registry.proofs.mails.filter(({ to }) => to === email).map(({ code }) => code);

const confirm = async (key: string, code: string) =>
  resultOf(await registry.caseCall('case.confirmContact', { key, code }));

describe('codes for an address', () => {
  test('are five a day of one claimant, however many others ask', async () => {
    const { code } = await newCase(registry);
    const [enemy, creator] = [await claim(registry, code), await claim(registry, code)];
    for (let n = 0; n < 5; n++) resultOf(await ask(enemy, `stranger${n}@mail.example`));
    const beyond = await ask(enemy, 'stranger5@mail.example');
    expect(problem(beyond)).toEqual(['state-conflict', 'too-many-codes']);
    expect(codesTo('stranger5@mail.example')).toEqual([]);
    resultOf(await ask(creator, 'creator@mail.example'));
    expect(codesTo('creator@mail.example')).toHaveLength(1);
    // What was left last still waits for its code.
    const [last] = codesTo('stranger4@mail.example');
    expect(await confirm(enemy, last!)).toMatchObject({ confirmed: true });
    registry.advance(day);
    resultOf(await ask(enemy, 'stranger5@mail.example'));
  });

  test('go to one address three times a day, whoever asks, and each confirms it for its owner', async () => {
    const email = 'ann@mail.example';
    const { code } = await newCase(registry);
    const [creator, enemies] = [await claim(registry, code), [] as string[]];
    for (let n = 0; n < 3; n++) enemies.push(await claim(registry, code));
    for (const enemy of enemies) {
      for (const typed of [email, ' Ann@Mail.example'.trim()]) resultOf(await ask(enemy, typed));
    }
    const mailed = registry.proofs.mails.filter(({ to }) => to.toLowerCase() === email);
    expect(mailed).toHaveLength(3);
    expect(new Set(mailed.map((mail) => mail.code)).size).toBe(1);
    resultOf(await ask(creator, email));
    expect(registry.proofs.mails.filter(({ to }) => to.toLowerCase() === email)).toHaveLength(3);
    expect(await confirm(creator, mailed[0]!.code)).toMatchObject({ confirmed: true });
    registry.advance(day);
    resultOf(await ask(creator, email));
    const next = codesTo(email).at(-1);
    expect(next).not.toBe(mailed[0]!.code);
    expect(await confirm(creator, mailed[0]!.code)).toMatchObject({ confirmed: false });
    expect(await confirm(creator, next!)).toMatchObject({ confirmed: true });
  });

  test('that no mail server took are paid back', async () => {
    const email = 'bea@mail.example';
    const { code } = await newCase(registry);
    const creator = await claim(registry, code);
    registry.proofs.broken = true;
    for (let n = 0; n < 4; n++) resultOf(await ask(creator, email));
    registry.proofs.broken = false;
    resultOf(await ask(creator, email));
    expect(await confirm(creator, codesTo(email)[0]!)).toMatchObject({ confirmed: true });
  });

  test('are counted by the database, whoever writes the row', async () => {
    const { code } = await newCase(registry);
    resultOf(await ask(await claim(registry, code), 'cay@mail.example'));
    const more = registry.db.updateTable('code_mails').set({ sent: 6 }).execute();
    expect(await sqlState(more)).toBe('23514');
  });

  test('are forgotten after a day', async () => {
    const { code } = await newCase(registry);
    resultOf(await ask(await claim(registry, code), 'dee@mail.example'));
    registry.advance(day);
    await settleDue(registry.services);
    expect(await registry.db.selectFrom('code_mails').selectAll().execute()).toEqual([]);
  });
});
