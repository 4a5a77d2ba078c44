import { watched, watchedAlerts } from '@recourse/protocol';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { alertWords, lasting, saidBy } from './alert-words.ts';

const rules = readFileSync(
  new URL('../../../../operate/prometheus-rules.yaml', import.meta.url),
  'utf8',
);
const partOf = (alert: string): string =>
  rules.split('- alert: ').find((one) => one.startsWith(`${alert}\n`)) ?? '';

test.each(watchedAlerts)('%s says and allows what the alert of Prometheus does', (alert) => {
  const part = partOf(alert);
  const [, above] = /expr: .* > ([\d.]+)$/m.exec(part) ?? [];
  const [, summary = ''] = /summary: '(.*)'$/m.exec(part) ?? [];
  const words = summary
    .replace(/\{\{ \$value( \| \w+)? \}\}/, '{}')
    .replace('{{ $labels.kind }}', 'one kind');
  expect([Number(above), words]).toEqual([watched[alert].above, alertWords[alert]]);
});

test('every alert that reads the tables is shown: the others name a server, or what runs it', () => {
  const ofTables = [...rules.matchAll(/- alert: (\w+)\n +expr: (?:max|min)/g)].map(
    ([, name]) => name,
  );
  const ofServers = ['RecourseDueStalled'];
  expect(ofTables.toSorted()).toEqual([...watchedAlerts, ...ofServers].toSorted());
});

test('what an alert reads is said in the largest unit that fits twice', () => {
  expect([1, 119, 120, 7_199, 7_200, 172_799, 172_800].map(lasting)).toEqual([
    '1 second',
    '119 seconds',
    '2 minutes',
    '119 minutes',
    '2 hours',
    '47 hours',
    '2 days',
  ]);
  expect(saidBy('RecoursePrefixSetFull', 0.82)).toBe(
    'The largest prefix set has 82% of the tokens that it may have.',
  );
});
