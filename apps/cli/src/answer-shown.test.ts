import { expect, it } from 'vitest';
import { z } from 'zod';
import { answerShown } from './answer-shown.ts';

const schema = z.strictObject({
  next: z.string().optional(),
  state: z.enum(['open', 'closed']),
  draft: z.strictObject({ ref: z.string().optional(), by: z.string() }).optional(),
  account: z.string(),
  statement: z.string(),
  languages: z.array(z.string()),
  recalls: z.array(
    z.strictObject({
      recall: z.string(),
      due: z.string().optional(),
      outcome: z.string().optional(),
      told: z.array(z.strictObject({ ref: z.string() })),
    }),
  ),
});

it('shows plain members as facts in the order of the schema, words by themselves, and lists as tables', () => {
  const shown = answerShown(schema, {
    recalls: [
      { told: [{ ref: 'a' }, { ref: 'b' }], recall: 'rcl_1' },
      { told: [], recall: 'rcl_2', due: 'today' },
    ],
    languages: ['en', 'de'],
    statement: 'e'.repeat(70),
    account: 'It was\nlike this.',
    draft: { by: 'hld_1' },
    state: 'open',
  });
  expect(shown).toEqual([
    {
      head: ['', ''],
      rows: [
        ['state', 'open'],
        ['draft.by', 'hld_1'],
        ['statement', `${'e'.repeat(64)}…`],
        ['languages', 'en de'],
      ],
    },
    ['\naccount\nIt was\nlike this.'],
    [
      [
        '\nrecalls',
        {
          head: ['recall', 'due', 'told'],
          rows: [
            ['rcl_1', undefined, 'ref a; ref b'],
            ['rcl_2', 'today', 'none'],
          ],
        },
      ],
    ],
  ]);
});
