import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { importProgress, percentiles, Tally } from './import/tally.ts';
import { ProgressLine } from './progress.ts';

it('shows count, rate and time left, and nothing too often', () => {
  let at = 0;
  const written: string[] = [];
  const write = (text: string) => void written.push(text);
  const bar = new ProgressLine({ write, isTerminal: true, now: () => at });
  const tally = new Tally();
  tally.imported = 50;
  at = 10_000;
  bar.show(importProgress({ size: 1000, position: 250, tally }));
  bar.show(importProgress({ size: 1000, position: 260, tally }));
  expect(written).toHaveLength(1);
  expect(written[0]).toContain('25 %  50 records  5/s  30 s left  0 refused');
});

it('is a line now and then, without control characters, where there is no terminal', () => {
  let at = 0;
  const written: string[] = [];
  const write = (text: string) => void written.push(text);
  const bar = new ProgressLine({ write, isTerminal: false, now: () => at });
  bar.show(importProgress({ size: 0, position: 0, tally: new Tally() }));
  at = 11_000;
  bar.show(importProgress({ size: 0, position: 0, tally: new Tally() }));
  bar.end();
  expect(written).toHaveLength(1);
  expect(stripVTControlCharacters(written[0] ?? '')).toBe(written[0]);
  expect(written[0]).not.toContain('\r');
});

it('percentiles are those of the nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
  expect([percentiles(hundred), percentiles([7]), percentiles([])]).toEqual([
    { p50: 50, p99: 99 },
    { p50: 7, p99: 7 },
    { p50: 0, p99: 0 },
  ]);
});
