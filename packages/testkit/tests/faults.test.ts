import { expect, test } from 'vitest';
import { buildSubmission, startTestRegistry, testOrigin } from '@recourse/testkit';
import { takeFaults } from '../src/faults.ts';

test('a fault of PostgreSQL is shown with its message, its statement and the line of ours', async () => {
  const registry = await startTestRegistry();
  const { harbour } = registry.parties;
  const submission = await buildSubmission({
    signedBy: harbour.trust,
    audience: testOrigin,
    now: registry.now(),
  });
  await registry.ownerDb.schema.alterTable('case_codes').renameTo('gone').execute();
  const { body } = await registry.call(harbour.service, 'sanctions.submit', submission);
  await registry.close();

  expect(body.type).toBe(`${testOrigin}/problems/internal`);
  const [fault, ...others] = takeFaults();
  expect(others).toEqual([]);
  expect(fault).toMatch(/^PostgreSQL: relation "case_codes" does not exist \(42P01\)\n/);
  expect(fault).toContain('exists (select from case_codes where hash = q.code)');
  expect(fault).toMatch(/operations\/sanctions\/submit\.ts:\d+:\d+/);
  expect(fault).not.toContain('node_modules');
});

test('a refusal for which the caller is to blame is no fault', async () => {
  const registry = await startTestRegistry();
  const { harbour } = registry.parties;
  const { body } = await registry.call(harbour.service, 'sanctions.get', {
    sanction: 'snc_none',
  });
  await registry.close();
  expect(body.type).toBe(`${testOrigin}/problems/invalid-input`);
  expect(takeFaults()).toEqual([]);
});
