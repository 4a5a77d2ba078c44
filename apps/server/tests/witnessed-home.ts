import { parseVerifierKey, verifyCheckpoint, type VerifierKey } from '@recourse/ledger';
import { toWitnessPolicy, type LoggedWitnessPolicy } from '@recourse/protocol';
import { expect } from 'vitest';
import { eventually } from './eventually.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';
import { newTestWitness, type TestWitness } from './test-witness.ts';
import { logInto } from './log-into.ts';

export interface StartedHome {
  server: TestServer;
  said: string[];
}

/** A sandbox whose three platforms have witnesses on sockets of the test: two of three. */
export class WitnessedHome {
  readonly home: TestHome;
  readonly witnesses: readonly [TestWitness, TestWitness, TestWitness];

  constructor(home: TestHome, witnesses: WitnessedHome['witnesses']) {
    this.home = home;
    this.witnesses = witnesses;
  }

  async start(env: Record<string, string> = {}): Promise<StartedHome> {
    const lines: string[] = [];
    const log = logInto(lines);
    return { server: await this.home.start(env, { log }), said: lines };
  }

  async close(): Promise<void> {
    for (const witness of this.witnesses) await witness.down();
    await this.home.close();
  }
}

export async function newWitnessedHome(): Promise<WitnessedHome> {
  const home = await newHome();
  const [a, b, c] = await Promise.all(
    ['a', 'b', 'c'].map((name) => newTestWitness(`${name}.example/witness`)),
  );
  const witnessed = new WitnessedHome(home, [a!, b!, c!]);
  const { server } = await witnessed.start();
  const log = await logKeyOf(server);
  for (const [i, name] of (['Harbour', 'Tubely', 'Marketo'] as const).entries()) {
    const witness = witnessed.witnesses[i]!;
    witness.trust(log);
    await witness.up();
    const input = { key: witness.key, url: witness.url };
    const answer = await server.call(server.party(name, 'trust', true), 'parties.witness', input);
    expect(answer.status).toBe(200);
  }
  await grown(server);
  await server.stop();
  return witnessed;
}

const logKeyOf = async (server: TestServer): Promise<VerifierKey> =>
  parseVerifierKey((await server.get('/.well-known/recourse')).body.ledger.key);

/** Size of the served checkpoint, once it holds under the last policy that the registry states; 0 when it does not. */
export async function witnessedSize(server: TestServer): Promise<number> {
  const { body } = await server.get('/.well-known/recourse');
  const { detail } = body.ledger.policies.at(-1) as { detail: LoggedWitnessPolicy };
  const policy = toWitnessPolicy(parseVerifierKey(body.ledger.key), detail);
  const { text } = await server.get('/ledger/checkpoint');
  return verifyCheckpoint(text, policy).then(
    ({ checkpoint }) => checkpoint.size,
    () => 0,
  );
}

export const servedSize = async (server: TestServer): Promise<number> =>
  Number((await server.get('/ledger/checkpoint')).text.split('\n')[1]);

/** Makes one call, and waits until a cosigned checkpoint has its entry. @returns the size of it, 0 when none came */
export async function grown(server: TestServer): Promise<number> {
  const before = await servedSize(server);
  await server.call(server.party('Harbour', 'service'), 'sanctions.list', {});
  return eventually(
    () => witnessedSize(server),
    (size) => size > before,
  );
}
