import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const source = new URL('../apps/server/src/right-clock.ts', import.meta.url).href;
const here = (days: string): string => new URL(`moved-clock.js?days=${days}`, import.meta.url).href;

test('a process is days ahead in each way to ask for the time, and asks PostgreSQL for the same', () => {
  const db = `{ getExecutor: () => ({ transformQuery: (x) => x, compileQuery: (x) => ({ sql: JSON.stringify(x) }),
    executeQuery: async ({ sql }) => { asked = sql; return { rows: [] }; } }) }`;
  const script = `let asked; const { measureClock } = await import(${JSON.stringify(source)});
    await measureClock(${db}, Date.now);
    console.log(JSON.stringify([Date.now(), new Date(), Date.parse(Date()), asked]), new Date() instanceof Date,
      new Date(0).toISOString());`;
  const args = ['--conditions=@recourse/source', `--import=${here('3')}`, '--input-type=module'];
  const began = Date.now();
  const out = execFileSync(process.execPath, [...args, '-e', script], { encoding: 'utf8' });
  const [json = '', ...rest] = out.trim().split(/ (?=true|false|1970)/);
  expect(rest).toEqual(['true', '1970-01-01T00:00:00.000Z']);
  const [now, date, text, asked] = JSON.parse(json) as [number, string, number, string];
  for (const at of [now, new Date(date).getTime(), text + 999]) {
    expect(at - began).toBeGreaterThanOrEqual(3 * 86_400_000);
    expect(at - began).toBeLessThan(3 * 86_400_000 + 60_000);
  }
  expect(asked).toContain(`clock_timestamp() + interval '259200000 milliseconds'`);
});

test('days that are no number are refused', () => {
  const args = [`--import=${here('soon')}`, '-e', '0'];
  expect(() => execFileSync(process.execPath, args, { stdio: 'pipe' })).toThrow(
    'RECOURSE_TEST_DAYS takes a number of days.',
  );
});

test('an old Node, which npm may run on, takes it too', () => {
  const script = `const { default: module } = await import('node:module'); delete module.registerHooks;
    const before = Date.now(); await import(${JSON.stringify(here('3'))});
    console.log(Date.now() - before >= 3 * 86_400_000)`;
  const args = ['--input-type=module', '-e', script];
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' }).trim()).toBe('true');
});
