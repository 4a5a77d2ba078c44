import { expect, it } from 'vitest';
import { alarmSaid } from '../parts/alarm-words.ts';
import { amountsOf } from './amounts.ts';

it('every number is in a sentence, also that of a table that this desk does not know', () => {
  const tables =
    'parties holders keys enrolments proposals sanctions ends checks matches disclosures recalls refusals ledger_signed ledger_served ledger_pending newer_rows'
      .split(' ')
      .map((table, nth): [string, number] => [table, nth === 0 ? 1 : nth * 1_111]);
  const said = amountsOf(Object.fromEntries(tables));
  const unsaid = tables.filter(([, n]) => !said.some((one) => one.includes(n.toLocaleString())));
  expect(unsaid).toEqual([]);
  expect(said[0]).toBe('1 party has 1,111 people with 2,222 keys.');
  expect(said.at(-1)).toBe('Newer rows: 16,665.');
  for (const one of said) expect(one).toMatch(/^[A-Z0-9].*\.$/);
});

it('an alarm is a sentence with what it counted', () => {
  expect(alarmSaid('looked-without-asking', { elements: 10_000, expected: 80, empty: 1 })).toBe(
    'It looked up 10,000 identifiers. About 80 questions without an answer had to come of that, and 1 came.',
  );
  expect(alarmSaid('enumeration', { surplus: 24_001, bucket: 8_000 })).toBe(
    'It asked about 24,001 identifiers more than a platform that uses half of its 8,000 a day.',
  );
  expect(alarmSaid('case-guesses', { inOneHour: 1 })).toBe(
    '1 wrong case code was typed within one hour.',
  );
  expect(alarmSaid('newer-alarm', { times: 3 })).toBe('Newer alarm: times 3.');
});
