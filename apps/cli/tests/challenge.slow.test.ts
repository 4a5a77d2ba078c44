import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { row, writeNdjson } from './import-rows.ts';
import { connected } from './people.ts';
import { Sandbox } from './sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await Sandbox.start();
  const path = sandbox.file('told.ndjson');
  const notice = {
    notice_channel: 'letter',
    notice_language: 'en',
    notice_sent_at: new Date().toISOString(),
  } as const;
  writeNdjson(path, [row(1, notice)]);
  await sandbox.run(['import', path, '--case-codes', sandbox.file('told.codes')]);
});
afterAll(() => sandbox.stop());

const check = () =>
  sandbox.json<{ matches: unknown[] }>(
    ['check', '--always-ask', '--domain', 'listed-1.example', '--purpose', 'safety-review'],
    'Tubely',
  );
const challenge = async () => {
  const identifier = sandbox.file('identifier');
  writeFileSync(identifier, 'listed-1.example\n', { mode: 0o600 });
  const since = ['--since', new Date().toISOString()];
  const args = ['challenge', '--kind', 'domain', '--identifier-file', identifier, ...since];
  return sandbox.run([...args, '--json'], 'Tubely:trust');
};
interface Item {
  readonly item: string;
  readonly sanction: string;
}

describe('an identifier that changed hands', () => {
  it('is nothing to a platform that was told of no record of it', async () => {
    const { code, stdout } = await challenge();
    expect(code).not.toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'not-found' } });
  });

  it('leaves the record that the platform was told of, once two reviewers say so', async () => {
    expect((await check()).matches).toHaveLength(1);
    const { items } = JSON.parse((await challenge()).stdout) as { items: Item[] };
    expect(items).toHaveLength(1);
    for (const as of ['Panel', 'Panel:2', 'Panel:3', 'Panel:4', 'Panel:5']) {
      const { review } = await connected(sandbox, as);
      const [asked] = (await review.items({})).items;
      if (!asked) continue;
      expect(asked).toMatchObject({ kind: 'challenge', item: items[0]!.item });
      expect(asked.record?.sanction).toBe(items[0]!.sanction);
      const reasons = 'Registered anew by somebody else.';
      await review.vote({ item: asked.item, outcome: 'detach', reasons });
    }
    expect((await check()).matches).toEqual([]);
  });
});
