import { expect, test } from 'vitest';
import { bars } from './bars.ts';

const drawn = async (values: number[][]): Promise<string> =>
  (
    await bars({
      title: 'Records',
      columns: ['made', 'ended'],
      rows: values.map((value, at) => ({ name: `<b>${at}</b>`, values: value })),
    })
  ).toString();

test('each bar is as long as its share of the largest value', async () => {
  const text = await drawn([
    [4, 1],
    [2, 0],
  ]);
  expect([...text.matchAll(/width="(\d+)"/g)].map(([, width]) => width)).toEqual([
    '100',
    '25',
    '50',
    '0',
  ]);
});

test('the table has every value, and names as text', async () => {
  const text = await drawn([[4, 1]]);
  expect(text).toContain('<td>4</td>');
  expect(text).toContain('&lt;b&gt;0&lt;/b&gt;');
  expect(text).not.toContain('<b>');
});

test('of nothing there is no chart', async () => expect(await drawn([])).toBe(''));

test('nothing but zeros has bars of no length', async () =>
  expect(await drawn([[0, 0]])).toContain('width="0"'));
