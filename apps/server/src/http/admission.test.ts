import { expect, test } from 'vitest';
import { Admission } from './admission.ts';

function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, work: () => opened };
}

const code = (error: unknown): unknown => (error as { code?: unknown }).code;

test('no more work is in flight than there are places, and all of it gets its turn in order', async () => {
  const admission = new Admission({ concurrency: 3, queue: 100 });
  let inFlight = 0;
  let most = 0;
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      admission.run(async () => {
        most = Math.max(most, ++inFlight);
        order.push(i);
        await new Promise((resolve) => setTimeout(resolve, 1));
        inFlight--;
      }),
    ),
  );
  expect(most).toBe(3);
  expect(order).toEqual(Array.from({ length: 50 }, (_, i) => i));
});

test('what neither runs nor waits is refused as overloaded, with a time to come back', async () => {
  const admission = new Admission({ concurrency: 1, queue: 1 });
  const { open, work } = gate();
  const running = [admission.run(work), admission.run(work)];
  await expect(admission.run(work)).rejects.toMatchObject({
    code: 'overloaded',
    retryAfterSeconds: 1,
  });
  open();
  await Promise.all(running);
  await expect(admission.run(async () => 'again')).resolves.toBe('again');
});

test('nobody waits longer than the bound', async () => {
  const admission = new Admission({ concurrency: 1, queue: 1, waitMs: 10 });
  const { open, work } = gate();
  const first = admission.run(work);
  await expect(admission.run(work).catch(code)).resolves.toBe('overloaded');
  open();
  await first;
});

test('a failure leaves its place to the next', async () => {
  const admission = new Admission({ concurrency: 1, queue: 0 });
  const fail = (): Promise<never> => Promise.reject(new Error('failed'));
  await expect(admission.run(fail)).rejects.toThrow();
  await expect(admission.run(async () => 1)).resolves.toBe(1);
});

test('sources take turns: one that floods keeps another waiting for one of its calls', async () => {
  let source = 'flood';
  const admission = new Admission({ concurrency: 1, queue: 100, source: () => source });
  const order: string[] = [];
  const enter = (name: string): Promise<void> => {
    source = name;
    return admission.run(async () => {
      order.push(name);
    });
  };
  const { open, work } = gate();
  source = 'first';
  const running = [admission.run(work)];
  running.push(...Array.from({ length: 40 }, () => enter('flood')));
  running.push(enter('other'), enter('other'));
  open();
  await Promise.all(running);
  expect(order.indexOf('other')).toBe(1);
  expect(order.lastIndexOf('other')).toBe(3);
});

test('one source has half of the places, and the rest stays free for others', async () => {
  let source = 'flood';
  const admission = new Admission({ concurrency: 4, queue: 16, source: () => source });
  const { open, work } = gate();
  const flood = Array.from({ length: 30 }, () => admission.run(work).catch(code));
  source = 'other';
  const others = Array.from({ length: 10 }, () => admission.run(work));
  open();
  const refused = (await Promise.all(flood)).filter((answer) => answer === 'overloaded');
  expect(refused).toHaveLength(20);
  await Promise.all(others);
});
