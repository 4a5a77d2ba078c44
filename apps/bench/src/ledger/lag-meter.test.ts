import { expect, test } from 'vitest';
import { LagMeter } from './lag-meter.ts';

test('a commit lags until it waits no more, and until a checkpoint covers what it became', () => {
  const meter = new LagMeter();
  meter.take({ now: 1_000, waiting: [{ seq: 1, at: 990 }], size: 10, signed: 10 });
  meter.take({
    now: 1_100,
    waiting: [
      { seq: 1, at: 990 },
      { seq: 2, at: 1_050 },
    ],
    size: 10,
    signed: 10,
  });
  expect(meter.lags).toEqual({ sequenced: [], signed: [] });
  meter.take({ now: 1_200, waiting: [{ seq: 3, at: 1_150 }], size: 14, signed: 10 });
  expect(meter.lags).toEqual({ sequenced: [210, 150], signed: [] });
  meter.take({ now: 1_300, waiting: [], size: 15, signed: 14 });
  expect(meter.lags).toEqual({ sequenced: [210, 150, 150], signed: [310, 250] });
  expect(meter.isSettled).toBe(false);
  meter.take({ now: 1_400, waiting: [], size: 15, signed: 15 });
  expect(meter.lags.signed).toEqual([310, 250, 250]);
  expect(meter.isSettled).toBe(true);
});
