import type { Opening } from '@recourse/protocol';
import { startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askNew } from './checks-fixture.ts';
import {
  caseAbout,
  claim,
  findByEmail,
  open,
  realTokens,
  resultOf,
  tokenOf,
} from './cases-fixture.ts';
import { day, notify, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
let made = 0;

beforeAll(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
});
afterAll(() => registry.close());

/** A record of the victim's address and one that its submitter planted, which answers. */
async function planted() {
  const n = made++;
  const [victims, own] = [`victim${n}@mail.example`, `planted${n}@mail.example`];
  const { sanction, code } = await caseAbout(registry, [
    ['email', victims],
    ['email', own],
  ]);
  await notify(registry, sanction, [0, 1]);
  registry.advance(15 * day);
  return { sanction, code, victims, own };
}

const ask = async (email: string, platform = registry.parties.tubely) =>
  askNew(registry, platform, [await tokenOf(registry, 'email', email)]);
const viewOf = async (key: string) => resultOf(await open(registry, key)).case;
const namesOf = async (key: string): Promise<string[]> =>
  (await viewOf(key)).told.map(({ name }: { name: string }) => name);

test('a claimant reads by name who asked about what they proved, until they last proved it', async () => {
  const { victims, own, code } = await planted();
  expect((await ask(victims)).status).toBe(200);
  const { newKey } = await findByEmail(registry, victims);
  const { newKey: accusers } = await findByEmail(registry, own);
  const handed = await claim(registry, code);
  expect(await namesOf(`${newKey}.1`)).toEqual(['Tubely']);
  expect(await namesOf(`${accusers}.1`)).toEqual([]);
  expect(await namesOf(handed)).toEqual([]);
  registry.advance(60);
  await ask(victims, registry.parties.market);
  expect(await namesOf(`${newKey}.1`)).toEqual(['Tubely']);
  registry.advance(60);
  await findByEmail(registry, victims, newKey);
  expect(await namesOf(`${newKey}.1`)).toEqual(['Tubely', 'Market']);
});

test('the view of a case names no platform that asked about something else', async () => {
  const { victims, own } = await planted();
  await ask(victims);
  const { newKey } = await findByEmail(registry, own);
  const key = `${newKey}.1`;
  const seen = JSON.stringify(await viewOf(key));
  expect(seen).not.toContain('Tubely');
  expect(seen).not.toContain(registry.parties.tubely.id);
});

test('claimant and submitter read the same coarse number of the others, renewed on Mondays', async () => {
  const { sanction, victims, own } = await planted();
  const { newKey } = await findByEmail(registry, own);
  const numbers = async () => {
    const { service } = registry.parties.harbour;
    const input = { sanction: sanction as `snc_${string}` };
    const { body } = await registry.call(service, 'sanctions.get', input);
    const key = `${newKey}.1`;
    const receipt = resultOf(await registry.caseCall('case.receipt', { key }));
    return [(await viewOf(key)).toldOthers, receipt.toldOthers, body.result.toldPlatforms];
  };
  await ask(victims);
  expect(await numbers()).toEqual(['none', 'none', 'none']);
  registry.advance(7 * day);
  expect(await numbers()).toEqual(['under-five', 'under-five', 'under-five']);
});

test('a receipt opens no entry of a platform that the page does not name', async () => {
  const { sanction, victims, own } = await planted();
  await ask(victims);
  await ask(victims, registry.parties.market);
  registry.advance(60);
  await ask(own, registry.parties.market);
  registry.advance(60);
  const { newKey: accusers } = await findByEmail(registry, own);
  const { newKey } = await findByEmail(registry, victims);
  await withdraw(registry, sanction);
  const { tubely, market } = registry.parties;
  const disclosed = async (key: string, party: string) => {
    const { openings } = resultOf(await registry.caseCall('case.receipt', { key: `${key}.1` }));
    return (openings as Opening[])
      .filter((opening) => opening.party === party)
      .map(({ entry }) => entry.type);
  };
  expect(await disclosed(accusers, tubely.id)).toEqual([]);
  // Market asked about the victim's address first, which is what its entry is of.
  expect(await disclosed(accusers, market.id)).toEqual(['recall-issued']);
  for (const { id } of [tubely, market]) {
    expect(await disclosed(newKey, id)).toEqual(['sanction-disclosed', 'recall-issued']);
  }
});
