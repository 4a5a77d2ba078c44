import { afterAll, beforeAll, expect, it } from 'vitest';
import { row, writeNdjson } from './import-rows.ts';
import { appealed } from './people.ts';
import { linesOf, Sandbox } from './sandbox.ts';

const ref = 'tubely-case-0000000001';

let sandbox: Sandbox;
let sanction: string;

/** A record that its creator appealed after Tubely was told, and that its platform gave up. */
beforeAll(async () => {
  sandbox = await Sandbox.start();
  const [path, codes] = [sandbox.file('told.ndjson'), sandbox.file('told.codes')];
  const sentAt = new Date().toISOString();
  const notice = { notice_channel: 'letter', notice_language: 'en', notice_sent_at: sentAt };
  writeNdjson(path, [row(1, notice)]);
  await sandbox.run(['import', path, '--case-codes', codes]);
  await check('--ref', ref);
  const [line] = linesOf(codes);
  sanction = String(line?.['sanction']);
  await appealed(sandbox, String(line?.['case_code']));
});
afterAll(() => sandbox.stop());

const check = (...more: string[]) => {
  const proven = ['--purpose', 'signup', '--proven-at', new Date().toISOString()];
  return sandbox.json<{ advice: string }>(
    ['check', '--always-ask', '--domain', 'listed-1.example', ...proven, ...more],
    'Tubely',
  );
};

it('an appeal that the submitter gives up ends the record, and everyone told is asked to undo', async () => {
  expect(await check()).toMatchObject({ matches: [{ disputed: true }] });
  const withdraw = ['sanctions', 'withdraw', sanction, '--cause', 'error'];
  expect(await sandbox.json(withdraw)).toMatchObject({ state: 'reversed', recalls: 1 });
});

it('a recall is found by the own reference, and answered', async () => {
  const list = ['recalls', 'list'];
  const listed = await sandbox.json<{ recalls: { recall: string }[] }>(list, 'Tubely');
  expect(listed).toMatchObject({ recalls: [{ kind: 'undo', sanction, told: [{ ref }, {}] }] });
  const acknowledge = ['recalls', 'acknowledge', listed.recalls[0]?.recall ?? '', '--action'];
  const kept = [...acknowledge, 'kept-on-own-grounds', '--copies', 'kept'];
  expect((await sandbox.run(kept, 'Tubely')).code).toBe(2);
  const undone = [...acknowledge, 'undone', '--copies', 'deleted'];
  expect(await sandbox.json(undone, 'Tubely')).toMatchObject({ open: 0, checksStopped: false });
  expect(await sandbox.json(list, 'Tubely')).toEqual({ recalls: [] });
  expect(await check()).toMatchObject({ advice: 'no-record' });
});

it('events come until they are acknowledged', async () => {
  const poll = ['events', 'poll'];
  const { events } = await sandbox.json<{ events: { id: string; type: string }[] }>(poll, 'Tubely');
  expect(events.map(({ type }) => type)).toContain('sanction-reversed');
  const ack = events.flatMap(({ id }) => ['--ack', id]);
  expect(await sandbox.json([...poll, ...ack], 'Tubely')).toMatchObject({ events: [] });
});

it('a call is shown as facts and tables, and as JSON with its receipt', async () => {
  const input = JSON.stringify({ sanction });
  const shown = await sandbox.run(['call', 'sanctions.get', input]);
  expect([shown.code, shown.stderr]).toEqual([0, '']);
  expect(shown.stdout).toMatch(new RegExp(`sanction +${sanction}`));
  expect(shown.stdout).toMatch(/\nappeals\nappeal +sanction +ground/);
  const { result, receipt } = await sandbox.json<{ result: object; receipt: string }>([
    'call',
    'sanctions.get',
    input,
  ]);
  expect(result).toMatchObject({ sanction, state: 'reversed', appeals: [{ ground: 'not-me' }] });
  expect(receipt).toMatch(/^\d+\./);
});
