import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { toDay } from './schemas.ts';
import { dateForms, dateOrders, orderAfter, readDate, type ColumnOrder } from './written-date.ts';

const orders: readonly ColumnOrder[] = [...dateOrders, 'unknown', 'mixed'];

/** A day of a year from 0 to 9999, as its three numbers. */
const days = fc
  .date({
    min: new Date('0000-01-01T00:00:00Z'),
    max: new Date('9999-12-31T00:00:00Z'),
    noInvalidDate: true,
  })
  .map(toDay);
const separators = fc.constantFrom('/', '.', '-');
const isoOf = (at: Date | undefined): string | undefined => at?.toISOString();

describe('a date that is written is read as itself', () => {
  test('as RFC 3339, by its offset', () => {
    const offsets = fc.constantFrom('Z', '+00:00', '+05:30', '-11:45');
    const clock = fc.record({ hour: fc.nat(23), minute: fc.nat(59), second: fc.nat(59) });
    fc.assert(
      fc.property(days, clock, offsets, (day, { hour, minute, second }, offset) => {
        fc.pre(!/^(0000-01-01|9999-12-31)/.test(day));
        const [time = ''] = new Date(Date.UTC(2000, 0, 1, hour, minute, second))
          .toISOString()
          .slice(11)
          .split('.');
        const [sign, hours = 0, minutes = 0] = partsOfOffset(offset);
        const midnight = new Date(`${day}T00:00:00Z`).getTime();
        const seconds = hour * 3600 + minute * 60 + second - sign * (hours * 60 + minutes) * 60;
        expect(readDate(`${day}T${time}${offset}`).at?.getTime()).toBe(midnight + seconds * 1000);
        expect(readDate(day).at?.getTime()).toBe(midnight);
      }),
    );
  });

  test('in either order, with and without leading zeros', () => {
    const spelling = fc.record({ mark: separators, order: fc.constantFrom(...dateOrders) });
    fc.assert(
      fc.property(days, spelling, fc.boolean(), (day, { mark, order }, isPadded) => {
        const [year = '', ...rest] = day.split('-');
        const [month = '', date = ''] = isPadded ? rest : rest.map((n) => String(Number(n)));
        const text = [...(order === 'day-first' ? [date, month] : [month, date]), year].join(mark);
        expect(isoOf(readDate(text, order).at)).toBe(`${day}T00:00:00.000Z`);
      }),
    );
  });
});

const partsOfOffset = (offset: string): [number, number?, number?] => {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(offset) ?? [];
  return [sign === '-' ? -1 : 1, Number(hours ?? 0), Number(minutes ?? 0)];
};

/** Texts that look like a date, or nearly. */
const texts = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.stringMatching(/^[0-9/.:TZ+ -]{1,24}$/),
  fc.stringMatching(/^\d{1,2}[/.-]\d{1,2}[/.-]\d{1,4}$/),
  fc.stringMatching(/^\d{1,4}-\d{1,2}-\d{1,2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?$/),
  fc.stringMatching(/^20\d\d-[01]\d-[0-3]\d(T[0-2]\d:[0-6]\d(Z|[+-]\d\d:\d\d))?$/),
  fc.stringMatching(/^[0-3]\d\/[0-3]\d\/20\d\d$/),
);

test('no text is read as a date that it does not name', () => {
  let read = 0;
  fc.assert(
    fc.property(texts, fc.constantFrom(...orders), (text, order) => {
      const { at } = readDate(text, order);
      if (!at) return;
      read += 1;
      const [, offset = ''] = /T.*?([+-]\d\d:\d\d)$/.exec(text) ?? [];
      const [sign, hours = 0, minutes = 0] = partsOfOffset(offset);
      const there = new Date(at.getTime() + sign * (hours * 60 + minutes) * 60_000).toISOString();
      const [year, month, day, ...clock] = there.match(/\d+/g)!.map(Number);
      const written = text.replace(offset, '').match(/\d+/g)!.map(Number);
      const isYearFirst = /^\d{4}-/.test(text);
      const named = isYearFirst
        ? [[year, month, day, ...clock].slice(0, written.length)]
        : (order === 'month-first' ? [] : [[day, month, year]]).concat(
            order === 'day-first' ? [] : [[month, day, year]],
          );
      expect(named).toContainEqual(written);
      expect(isYearFirst || /\D\d{4}$/.test(text)).toBe(true);
    }),
    { numRuns: 5_000, seed: 1 },
  );
  // The texts are near enough to dates for the test to say something.
  expect(read).toBeGreaterThan(300);
});

test('a text of which no order is known is read where one reading names a day alone', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-3]\d\/[0-3]\d\/20\d\d$/), (text) => {
      const readings = dateOrders.map((order) => isoOf(readDate(text, order).at));
      const named = new Set(readings.filter(Boolean));
      expect(isoOf(readDate(text).at)).toBe(named.size === 1 ? [...named][0] : undefined);
    }),
  );
});

it.each([
  ['2026-02-31', 'not-a-date'],
  ['2026-02-29', 'not-a-date'],
  ['2026-3-1', 'not-a-date'],
  ['31/02/2026', 'not-a-date'],
  ['13/13/2026', 'not-a-date'],
  ['01/03.2026', 'not-a-date'],
  ['2026-03-01T12:00', 'not-a-date'],
  ['2026-03-01 12:00Z', 'not-a-date'],
  ['2026-03-01T24:00Z', 'not-a-date'],
  ['2026-03-01T12:00+99:99', 'not-a-date'],
  ['3', 'not-a-date'],
  ['46082', 'not-a-date'],
  ['yesterday', 'not-a-date'],
  ['1 March 2026', 'not-a-date'],
  ['', 'not-a-date'],
  ['01/03/26', 'two-digit-year'],
  ['26-03-01', 'two-digit-year'],
  ['01/03/2026', 'order-unknown'],
  ['1.3.2026', 'order-unknown'],
])('%j is refused: %s', (text, fault) => {
  expect(readDate(text)).toEqual({ fault });
});

test('every form that an error names is read', () => {
  expect(dateForms.map((form) => readDate(form).at?.getUTCMonth())).toEqual([2, 2, 2, 2]);
});

describe('the order of a column', () => {
  const orderOf = (...texts: string[]): ColumnOrder =>
    texts.reduce<ColumnOrder>(orderAfter, 'unknown');

  it.each([
    ['day-first', ['01/03/2026', '25/03/2026', '02/03/2026']],
    ['month-first', ['03/25/2026', '01/03/2026']],
    ['mixed', ['25/03/2026', '01/03/2026', '03/25/2026', '26/03/2026']],
    ['unknown', ['01/03/2026', '2026-03-25', '05/05/2026']],
    ['unknown', ['31/02/2026', '25/03/26', 'yesterday']],
  ])('is %s by %j', (order, column) => {
    expect(orderOf(...column)).toBe(order);
  });

  it('that contradicts itself is no order: only what reads alike in both is read', () => {
    expect(readDate('01/03/2026', 'mixed')).toEqual({ fault: 'orders-mixed' });
    expect(readDate('25/03/2026', 'mixed')).toEqual({ fault: 'orders-mixed' });
    expect(isoOf(readDate('05/05/2026', 'mixed').at)).toBe('2026-05-05T00:00:00.000Z');
    expect(isoOf(readDate('2026-03-01', 'mixed').at)).toBe('2026-03-01T00:00:00.000Z');
  });

  it('that was chosen is contradicted by a cell that is possible in the other one alone', () => {
    expect(orderAfter('day-first', '03/25/2026')).toBe('mixed');
    expect(orderAfter('day-first', '01/03/2026')).toBe('day-first');
  });
});
