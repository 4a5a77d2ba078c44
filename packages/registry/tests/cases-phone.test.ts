import { startTestRegistry, newSecret, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { caseAbout, realTokens, tokenOf } from './cases-fixture.ts';

const [listed, stranger] = ['+4915112345678', '+4915187654321'];

let registry: TestRegistry;
let sanction: string;
beforeAll(async () => {
  const tokens = await realTokens();
  const made = await startTestRegistry({ tokens });
  ({ sanction } = await caseAbout(made, [['phone', listed]]));
  const published = await tokenOf(made, 'phone', listed);
  registry = made;
  Object.assign(registry.services, {
    published: {
      falseHitShare: () => Promise.resolve(0.01),
      holds: ({ token }: { token: string }) => token === published,
    },
  });
});
afterAll(() => registry.close());

const find = async (identifier: string) => {
  const answer = await registry.caseCall('case.find', { kind: 'phone', identifier });
  await registry.proofs.texting;
  return answer;
};

describe('a proof by phone', () => {
  test('opens every case of the number, by a code that is texted to it', async () => {
    const asked = await find('+49 151 12345678');
    const { find: id, proof } = asked.body.result.data;
    expect(proof).toEqual({ by: 'texted-code' });
    const text = registry.proofs.texts.at(-1);
    expect(text?.to).toBe(listed);
    const proving = { find: id, identifier: listed, newKey: newSecret() };
    const wrong = await registry.caseCall('case.prove', { ...proving, proof: '0000000000' });
    expect(wrong.status).toBe(404);
    const proved = await registry.caseCall('case.prove', { ...proving, proof: text!.code });
    expect(proved.body.result.data.found).toHaveLength(1);
    expect(sanction).toMatch(/^snc_/);
  });

  test('texts nobody whose number is in no published set, and answers the same', async () => {
    const before = registry.proofs.texts.length;
    const [known, unknown] = [await find(listed), await find(stranger)];
    expect(registry.proofs.texts.length).toBe(before + 1);
    const shapeOf = ({ status, body }: Awaited<ReturnType<typeof find>>) => {
      const { find: id, expiresAt, proof } = body.result.data;
      return [status, String(id).length, String(expiresAt).length, proof];
    };
    expect(shapeOf(unknown)).toEqual(shapeOf(known));
    expect(unknown.raw.body.length).toBe(known.raw.body.length);
  });

  test('is of a phone number, and of nothing else', async () => {
    expect((await find('not a number')).status).toBe(422);
  });
});
