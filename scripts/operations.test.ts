import { expect, test } from 'vitest';
import { fileOf, findOperations, strayHelpers } from './operations.ts';

const root = new URL('..', import.meta.url).pathname;

test('the name of an operation leads to its file', () => {
  expect(fileOf('sanctions.stateNotice')).toBe('sanctions/state-notice.ts');
  const { places, problems } = findOperations(root);
  expect(problems).toEqual([]);
  expect(places.filter(({ schema }) => schema === 'nowhere')).toEqual([]);
});

test('a function that one operation alone uses stands in its file', () => {
  expect(strayHelpers(root)).toEqual([]);
});
