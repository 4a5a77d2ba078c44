import { expect, test } from 'vitest';
import { printTest } from './print.ts';

test('a find is printed as a test that replays it', () => {
  const printed = printTest({
    enemies: ['harbour'],
    broken: {
      law: 'canaries',
      kind: 'account by case.open',
      what: 'friend read an account',
    },
    acts: [
      {
        id: 'a1',
        by: 'friend',
        op: 'case.claim',
        refs: { code: 'p2/code/0' },
        literals: {},
      },
      {
        id: 'a2',
        by: 'operator-2',
        op: 'world.wait',
        refs: {},
        literals: { hours: 24 },
      },
    ],
  });
  expect(printed.split('\n')).toEqual([
    "test('canaries: account by case.open', async () => {",
    '  // friend read an account.',
    "  const enemies = ['harbour'];",
    "  const broken = { law: 'canaries', kind: 'account by case.open', what: '' } as const;",
    '  const acts: Act[] = [',
    "    { id: 'a1', by: 'friend', op: 'case.claim', refs: { code: 'p2/code/0' }, literals: {} },",
    "    { id: 'a2', by: 'operator-2', op: 'world.wait', refs: {}, literals: { hours: 24 } },",
    '  ];',
    '  expect(await replay(world, { acts, enemies, broken })).toBeUndefined();',
    '});',
  ]);
});
