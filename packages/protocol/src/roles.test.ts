import { expect, test } from 'vitest';
import { platformA } from '../tests/fixtures.ts';
import { keyFits, partyIdSchema, partyKind, partyKinds, roles, rolesOf } from './roles.ts';

test('every role belongs to exactly one kind of party: no platform holds a reviewer key', () => {
  expect(partyKinds.flatMap((kind): readonly string[] => rolesOf[kind]).toSorted()).toEqual(
    roles.toSorted(),
  );
});

test('a support key is no admin key, and of a platform alone', () => {
  expect(keyFits(platformA, { role: 'support', admin: false })).toBe(true);
  expect(keyFits(platformA, { role: 'support', admin: true })).toBe(false);
  expect(keyFits('panel', { role: 'support', admin: false })).toBe(false);
  expect(keyFits(platformA, { role: 'trust', admin: true })).toBe(true);
});

test('panel and operator are parties by name, platforms by id', () => {
  for (const party of ['panel', 'operator', platformA])
    expect(partyIdSchema.parse(party)).toBe(party);
  expect(['panel', 'operator', platformA].map(partyKind)).toEqual([
    'panel',
    'operator',
    'platform',
  ]);
});

test.each([
  'Panel',
  'panel ',
  'admin',
  '',
  'plt_',
  `${platformA}0`,
  `${platformA}\n`,
  platformA.toUpperCase(),
  'plt_81hzy3v7q8e9k4m5n6p7r8s9t0',
  'snc_01hzy3v7q8e9k4m5n6p7r8s9t0',
  'constructor',
])('no party: %j', (party) => {
  expect(partyIdSchema.safeParse(party).success).toBe(false);
});
