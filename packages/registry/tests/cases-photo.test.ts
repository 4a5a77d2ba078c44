import type { Id } from '@recourse/protocol';
import { pictures, placeOfPhoto, startTestRegistry, withPlace } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimCase } from './appeals-harness.ts';
import {
  appealInput,
  caseAbout,
  findByEmail,
  open,
  realTokens,
  resultOf,
} from './cases-fixture.ts';
import { notify, problem } from './sanctions-harness.ts';

let registry: Awaited<ReturnType<typeof startTestRegistry>>;
let key: string;
let appeal: Id<'apl'>;
const email = 'owner@mail.example';

beforeAll(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
  const { sanction } = await caseAbout(registry, [['email', email]]);
  await notify(registry, sanction);
  key = `${(await findByEmail(registry, email)).newKey}.1`;
  ({ appeal } = resultOf(await registry.caseCall('case.appeal', { key, ...appealInput })));
});
afterAll(() => registry.close());

const add = (bytes: Uint8Array) =>
  registry.caseCall('case.addFile', {
    key,
    name: 'IMG_0001.jpeg',
    mediaType: 'image/jpeg',
    bytes: Buffer.from(bytes).toString('base64url'),
  });

test('a reviewer sees the photo of a creator, and not where it was taken', async () => {
  const photo = withPlace(pictures.jpeg);
  expect(photo.includes(placeOfPhoto)).toBe(true);
  expect(resultOf(await add(photo))).toEqual({ file: 0, bytes: pictures.jpeg.length });
  const [reviewer] = registry.parties.panel;
  await claimCase(registry, reviewer, appeal);
  const { body } = await registry.call(reviewer, 'review.file', { appeal, file: 0 });
  const { bytes, ...rest } = body.result as { bytes: string };
  expect(rest).toEqual({ name: 'IMG_0001.jpeg', mediaType: 'image/jpeg' });
  const delivered = Buffer.from(bytes, 'base64url');
  expect(delivered.includes(placeOfPhoto)).toBe(false);
  expect(delivered).toEqual(pictures.jpeg);
  const [{ files }] = resultOf(await open(registry, key)).case.appeals;
  expect(files).toEqual([{ name: 'IMG_0001.jpeg', bytes: pictures.jpeg.length }]);
});

test('a photo that cannot be read is not taken: a place may stand in it', async () => {
  const answer = await add(withPlace(pictures.jpeg).subarray(0, 150));
  expect(problem(answer)).toEqual(['invalid-input', 'not-of-this-type']);
});
