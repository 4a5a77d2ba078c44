import { expect, test } from 'vitest';
import { operationOf } from './watch-requests.ts';

test.each([
  ['/call/checks.match', 'checks.match'],
  ['/trpc/case.open', 'case.open'],
  ['/trpc/parties.enrol', 'parties.enrol'],
  ['/', '/'],
  ['/readyz', '/readyz'],
  ['/case/find', '/case'],
  ['/ledger/tile/0/x001/234', '/ledger'],
])('%s is counted as %s', (path, name) => {
  expect(operationOf(path)).toBe(name);
});

// Each of these may hold a secret, and whoever sends them has as many as they like.
test.each([
  '',
  'case.open',
  '/call/constructor',
  '/call/checks.match/more',
  '/call/__proto__',
  '/trpc/checks.match,case.open',
  '/trpc/case.open%20',
  '/CASE/find',
  '//call/checks.match',
  '/anybody@mail.example',
])('%s is counted as other', (path) => {
  expect(operationOf(path)).toBe('other');
});
