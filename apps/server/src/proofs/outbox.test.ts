import { expect, test } from 'vitest';
import { Outbox } from './outbox.ts';

const mail = (to: string, subject = 'A platform decided') =>
  ({ channel: 'email', to, subject, text: '', at: new Date(0) }) as const;

test('each creator of an act on 500 rows finds their mail, and memory is bounded', () => {
  const outbox = new Outbox();
  for (let nth = 1; nth <= 1_001; nth += 1) outbox.add(mail(`${nth}@mail.example`));
  const kept = outbox.list();
  expect(kept).toHaveLength(1_000);
  expect(kept[0]?.to).toBe('1001@mail.example');
  expect(kept.at(-1)?.to).toBe('2@mail.example');
});
