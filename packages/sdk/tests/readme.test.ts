import { readdir, readFile } from 'node:fs/promises';
import { Problem } from '@recourse/protocol';
import { describe, expect, it } from 'vitest';
import type { ConnectOptions } from '../src/index.ts';
import { connected, type ConnectedClients } from './connected.ts';
import { now, origin, platformB } from './fake-registry.ts';
import { answersWith, email, record } from './records.ts';
import { connectWithSet } from './examples/prefixes.ts';
import { recordScam } from './examples/sanction.ts';
import { checkSignup } from './examples/signup.ts';

const fileBeside = (name: string): Promise<string> =>
  readFile(new URL(name, import.meta.url), 'utf8');

const optionsOf = (at: ConnectedClients): ConnectOptions => ({
  registry: { origin, logKid: at.registry.logSigner.kid },
  party: at.recourse.party,
  signers: { service: at.service },
  fetch: at.registry.fetch,
  clock: () => now,
});

describe('the examples of the README', () => {
  it('are the files that run here', async () => {
    const readme = await fileBeside('../README.md');
    const names = await readdir(new URL('examples/', import.meta.url));
    expect(names.length).toBeGreaterThan(6);
    for (const name of names) {
      expect(readme).toContain((await fileBeside(`examples/${name}`)).trim());
    }
  });

  it('asks at signup', async () => {
    const at = await connected();
    const options = optionsOf(at);
    await answersWith(at.registry, []);
    expect(await checkSignup(options, email)).toContain('welcome');
    const admin = await at.registry.addParty(platformB);
    const trust = await at.registry.addKey(platformB, { by: admin, role: 'trust' });
    await answersWith(at.registry, [await record(at.registry, { trust })]);
    at.registry.handlers.set('checks.report', () => ({ result: { recorded: 1 } }));
    expect(await checkSignup(options, email)).toBe(`Name of ${platformB}: fraud.scam`);
  });

  it('follows the prefix set until it is stopped', async () => {
    const at = await connected();
    const options = optionsOf(at);
    const { prefixes } = connectWithSet(options, { signal: AbortSignal.abort() });
    expect(await prefixes.state()).toEqual([{ epoch: 1, state: 'none' }]);
  });

  it('records a sanction', async () => {
    const at = await connected();
    at.registry.evaluates();
    at.registry.handlers.set('sanctions.submit', () => ({
      result: {
        sanction: 'snc_01hzy3v7q8e9k4m5n6p7r8s9t0',
        state: 'held',
        version: 1,
        noticeDueAt: '2026-03-08T12:00:00Z',
      },
    }));
    const options = { ...optionsOf(at), signers: { service: at.service, trust: at.trust } };
    const recorded = await recordScam(options, email);
    expect(recorded.caseLink).toMatch(/\/case#[0-9a-z-]{39}$/);
    expect(recorded.evidence).toHaveLength(1);
    at.registry.handlers.set('sanctions.submit', () => {
      const issues = [{ path: 'statement.incident_to', code: 'incident-too-long-ago' }];
      throw new Problem('invalid-input', { issues });
    });
    expect(await recordScam(options, email)).toEqual({
      say: 'Correct incident.to: incident too long ago.',
      field: 'incident.to',
    });
  });
});
