import { deliverNotices } from '@recourse/registry';
import type { TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SanctionInput } from '../src/index.ts';
import { codeOf, first } from './connected.ts';
import { RegistryHttp } from './registry-http.ts';
import { scamBy } from './scam.ts';

let http: RegistryHttp;
let registry: TestRegistry;
beforeAll(async () => {
  http = await RegistryHttp.start();
  ({ registry } = http);
});
afterAll(() => registry.close());

const email = 'creator@example.com';
const scam = (): SanctionInput => scamBy(email, registry.now());

describe('against the rules and the storage of a registry', () => {
  it('submits, notifies, checks, reports and withdraws, each verified, with one effect', async () => {
    const submitter = http.connectAs(registry.parties.harbour);
    const asker = http.connectAs(registry.parties.tubely);
    http.loses = 2;
    const submitted = await submitter.sanctions.submit(scam());
    expect(submitted).toMatchObject({ state: 'held', version: 1 });
    expect((await submitter.sanctions.list({})).sanctions).toHaveLength(1);

    const { sanction } = submitted;
    const outcome = await submitter.sanctions.tell({
      sanction,
      language: 'en',
      creator: { email },
    });
    expect(outcome).toMatchObject({ by: 'registry', deliveries: [{ state: 'waiting' }] });
    await deliverNotices(registry.services);
    const { deliveries, subjects } = await submitter.sanctions.get({ sanction });
    expect(deliveries).toMatchObject([{ channel: 'email', state: 'taken' }]);
    expect(subjects[0]?.reviewFrom).toBeDefined();

    const found = await asker.check({ email }, { purpose: 'signup', provenAt: registry.now() });
    expect(found.matches).toMatchObject([
      { sanction, reason: 'fraud.phishing', submitter: { name: 'Harbour' }, identifier: 'email' },
    ]);
    const { match } = first(found.matches);
    await asker.outcomes.report([{ match, outcome: 'pending' }]);
    expect((await asker.outcomes.owed()).owed).toHaveLength(1);

    const withdrawn = await submitter.sanctions.withdraw({ sanction, cause: 'error' });
    expect(withdrawn.state).toBe('withdrawn');
    const after = await asker.check({ email }, { purpose: 'signup', provenAt: registry.now() });
    expect(after).toMatchObject({ advice: 'no-record', matches: [] });
  });

  it('passes on refusals with their codes, with a receipt', async () => {
    const { recourse, sanction } = {
      recourse: http.connectAs(registry.parties.market),
      sanction: 'snc_01hzy3v7q8e9k4m5n6p7r8s9t0' as const,
    };
    const error: unknown = await recourse.sanctions.get({ sanction }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'not-found', receipt: expect.any(String) });
    const input = { ...scam(), attest: [] };
    expect(await codeOf(() => recourse.sanctions.submit(input))).toBe(
      'authority-origin-not-accepted',
    );
  });
});
