import type { TestServer } from './test-server.ts';

const day = 86_400;

/** Both operators announce the second epoch, for the day after the next. @returns the state, or why not */
export async function announceEpoch(server: TestServer, publicKey: string): Promise<unknown> {
  const { body } = await server.get('/sandbox/clock');
  const opensAt = Math.floor(Date.parse(body.now) / 1000) + 2 * day;
  const input = { epoch: 2, publicKey, opensAt };
  const answers = [];
  const keys = server.parties.filter(({ party }) => party === 'operator');
  // One of them has two keys.
  for (const operator of new Map(keys.map((key) => [key.holder, key])).values()) {
    answers.push((await server.call(operator, 'oprf.rotate', input)).body);
  }
  return answers.at(-1)?.result?.state ?? answers.at(-1)?.issues?.[0]?.code;
}
