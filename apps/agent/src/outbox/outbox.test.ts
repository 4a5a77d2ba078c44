import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toBase64url } from '@recourse/protocol';
import { RecourseError } from '@recourse/sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '../log.ts';
import type { Intent, SignedIntent } from '../orders/intent.ts';
import { Entries, IdemConflict } from './entries.ts';
import type { Entry, WaitingEntry } from './entry.ts';
import { Outbox, type OutboxOptions } from './outbox.ts';
import { SealedFolder } from './sealed-folder.ts';

const secret = toBase64url(new Uint8Array(32).fill(7));
const sanctionA = `snc_01kjp2v4g7e8x9q3n5r6t1w0za` as const;
const sanctionB = `snc_01kjp2v4g7e8x9q3n5r6t1w0zb` as const;
const appeal = `apl_01kjp2v4g7e8x9q3n5r6t1w0za` as const;
const stand = (
  text: string,
  sanction: typeof sanctionA | typeof sanctionB = sanctionA,
): Intent => ({
  kind: 'stand',
  sanction,
  appeal,
  order: { text },
});
const result = { recorded: 1 };

let folder: string;
let now: Date;
let outbox: Outbox;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recourse-outbox-'));
  now = new Date('2026-03-01T12:00:00Z');
});
afterEach(async () => {
  await outbox.stop(AbortSignal.timeout(10));
  rmSync(folder, { recursive: true });
});

const open = (deliver: OutboxOptions['deliver'] = async () => result): Outbox => {
  const clock = (): Date => now;
  const entries = new Entries(new SealedFolder(folder, secret), clock);
  outbox = new Outbox({ entries, deliver, clock, log: silentLog });
  return outbox;
};
const forever = new AbortController().signal;
const never: OutboxOptions['deliver'] = (_, { signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new RecourseError('unavailable')));
  });
const textOf = (entry: WaitingEntry): string =>
  entry.intent.kind === 'stand' ? entry.intent.order.text : entry.kind;
const stateOf = (entry: Entry | undefined): string | undefined => entry?.state;

describe('an intent', () => {
  test('is on the disk when it was taken, and is delivered after a restart', async () => {
    const { id } = open(never).take(stand('a'));
    const delivered: string[] = [];
    open(async (entry) => {
      delivered.push(textOf(entry));
      return result;
    }).start();
    const settled = await outbox.settled(id, forever);
    expect([stateOf(settled?.entry), delivered]).toEqual(['done', ['a']]);
  });

  test('is one for one idempotency key, and no other fits it', async () => {
    open(never);
    const first = outbox.take(stand('a'), 'key');
    expect(outbox.take(stand('a'), 'key').id).toBe(first.id);
    expect(() => outbox.take(stand('b'), 'key')).toThrow(IdemConflict);
  });

  test('keeps what was signed for it, so that every attempt sends the same', async () => {
    const signed: SignedIntent = { kind: 'withdrawal', withdrawal: 'a.b.c' };
    const sent: (SignedIntent | undefined)[] = [];
    const { id } = open(async (entry, { keep }) => {
      sent.push(entry.signed);
      keep(signed);
      throw new RecourseError('unavailable');
    }).take(stand('a'));
    await expect.poll(() => sent.length).toBeGreaterThan(0);
    open(async (entry) => {
      sent.push(entry.signed);
      return result;
    }).start();
    await outbox.settled(id, forever);
    expect([sent[0], sent.at(-1)]).toEqual([undefined, signed]);
  });

  test('names nobody any more once it is done, and is erased thirty days later', async () => {
    const { id } = open().take(stand('a'));
    await outbox.settled(id, forever);
    expect(outbox.status(id)?.entry).not.toHaveProperty('intent');
    now = new Date('2026-04-01T12:00:01Z');
    outbox.forget();
    expect([outbox.status(id), readdirSync(folder)]).toEqual([undefined, []]);
  });
});

describe('a lane', () => {
  test('is delivered in order, and waits for what is before', async () => {
    const sent: string[] = [];
    let failures = 2;
    open(async (entry) => {
      sent.push(textOf(entry));
      if (textOf(entry) === 'a' && failures-- > 0) throw new RecourseError('unavailable');
      return result;
    });
    const entries = ['a', 'b', 'c'].map((text) => outbox.take(stand(text)));
    await Promise.all(entries.map(({ id }) => outbox.settled(id, forever)));
    expect(sent).toEqual(['a', 'a', 'a', 'b', 'c']);
  });

  test('goes on past a refused intent, which is shown with what to do', async () => {
    open(async (entry) => {
      if (textOf(entry) === 'a') throw new RecourseError('state-conflict');
      return result;
    });
    const [a, b] = ['a', 'b'].map((text) => outbox.take(stand(text)));
    await outbox.settled(b?.id ?? '', forever);
    expect(outbox.list('refused')).toMatchObject([
      { entry: { id: a?.id, trouble: { code: 'state-conflict', next: expect.any(String) } } },
    ]);
    expect(stateOf(outbox.status(b?.id ?? '')?.entry)).toBe('done');
  });

  test('is not held up by another one that waits for somebody to mend something', async () => {
    open(async (entry) => {
      if (textOf(entry) === 'a') throw new RecourseError('signer-missing');
      return result;
    });
    const { id: held } = outbox.take(stand('a'));
    const { id } = outbox.take(stand('b', sanctionB));
    expect(stateOf((await outbox.settled(id, forever))?.entry)).toBe('done');
    expect(outbox.status(held)).toMatchObject({
      entry: { state: 'waiting' },
      trouble: { code: 'signer-missing' },
    });
  });

  test('takes a refused intent back by hand, or drops it', async () => {
    let isRefused = true;
    open(async () => {
      if (isRefused) throw new RecourseError('state-conflict');
      return result;
    });
    const { id } = outbox.take(stand('a'));
    await outbox.settled(id, forever);
    isRefused = false;
    expect(outbox.retry(id)).toBe(true);
    expect(stateOf((await outbox.settled(id, forever))?.entry)).toBe('done');
    expect([outbox.retry(id), outbox.drop(id), outbox.drop(id)]).toEqual([false, true, false]);
  });
});

describe('the disk', () => {
  const files = (): string[] => readdirSync(folder).map((name) => join(folder, name));

  test('shows nothing of an intent to whoever has no key', () => {
    open(never).take(stand('the creator of this case'));
    const bytes = files().map((path) => readFileSync(path, 'latin1'));
    expect(bytes.join()).not.toContain('creator');
    const other = toBase64url(new Uint8Array(32).fill(8));
    expect(() => new SealedFolder(folder, other).read()).toThrow(
      expect.objectContaining({ code: 'outbox-unreadable' }),
    );
  });

  test('opens no changed file, and none in the place of another', () => {
    open(never);
    outbox.take(stand('a'));
    outbox.take(stand('b', sanctionB));
    const [first = '', second = ''] = files();
    const bytes = readFileSync(first);
    const read = (): unknown => new SealedFolder(folder, secret).read();
    const unreadable = expect.objectContaining({ code: 'outbox-unreadable' }) as Error;
    for (const at of [0, 5, 40, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      writeFileSync(first, changed);
      expect(read).toThrow(unreadable);
    }
    renameSync(second, first);
    expect(read).toThrow(unreadable);
  });

  test('keeps what a crash left of a write that was never answered from counting', () => {
    open(never).take(stand('a'));
    const [path = ''] = files();
    writeFileSync(`${path}.next`, 'half');
    expect(new SealedFolder(folder, secret).read()).toHaveLength(1);
    expect(files()).toEqual([path]);
  });
});
