import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecourseEvent } from '@recourse/sdk/events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EventLog } from './event-log.ts';

const event = (n: number): RecourseEvent => ({
  id: `evt_${n}`,
  type: 'sanction-reversed',
  sanction: 'snc_1',
  body: { version: n },
  at: new Date('2026-03-01T12:00:00Z'),
});

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recourse-events-'));
  path = join(folder, 'events');
});
afterEach(() => rmSync(folder, { recursive: true }));

const seqs = (log: EventLog, after: number): number[] => log.after(after).map(({ seq }) => seq);

test('an event keeps its place over a restart, and comes once', () => {
  const log = new EventLog(path);
  expect([1, 2, 3].map((n) => log.append(event(n))?.seq)).toEqual([1, 2, 3]);
  const again = new EventLog(path);
  expect(again.append(event(2))).toBeUndefined();
  expect(again.append(event(4))?.seq).toBe(4);
  expect(again.after(2)).toEqual([
    { seq: 3, event: event(3) },
    { seq: 4, event: event(4) },
  ]);
});

test('a line that a crash cut short was never there', () => {
  new EventLog(path).append(event(1));
  appendFileSync(path, '{"seq":2,"ev');
  const log = new EventLog(path);
  expect(seqs(log, 0)).toEqual([1]);
  expect(log.append(event(2))?.seq).toBe(2);
  expect(seqs(new EventLog(path), 0)).toEqual([1, 2]);
});

test('the oldest go, and places do not go back', () => {
  const log = new EventLog(path, 3);
  for (let n = 1; n <= 7; n++) log.append(event(n));
  expect([log.first, log.last, seqs(log, 0)]).toEqual([4, 7, [4, 5, 6, 7]]);
  const again = new EventLog(path, 3);
  expect(again.append(event(8))?.seq).toBe(8);
});
