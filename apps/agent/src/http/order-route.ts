import { z } from 'zod';
import type { Intent } from '../orders/intent.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { route, type none, type Description, type Fields, type Route } from './route.ts';
import { intentSchema, taken } from './taken.ts';

interface Order<P extends Fields, B extends z.ZodType> extends Pick<
  Description,
  'path' | 'id' | 'summary' | 'text' | 'example'
> {
  readonly params?: P;
  readonly body: B;
  /** Answer of the registry once it is done */
  readonly result: z.ZodType;
  readonly intent: (input: { params: z.output<P>; body: z.output<B> }) => Intent;
}

const query = z.strictObject({
  wait: z
    .int()
    .min(0)
    .max(30)
    .optional()
    .describe('Seconds to wait for the registry before 202 is answered; 10'),
});

const promise =
  'Once this is answered it is done, once, whatever becomes of this process or of the registry. Send an Idempotency-Key, 1 to 255 characters, so that a request whose answer was lost can be sent again.';

/** A route that changes something: what it is told goes through the outbox. */
export function orderRoute<B extends z.ZodType, P extends Fields = typeof none>(
  outbox: Outbox,
  { intent, result, text, ...described }: Order<P, B>,
): Route {
  return route({
    ...described,
    method: 'POST',
    text: [text, promise].filter(Boolean).join(' '),
    query,
    answers: {
      200: {
        text: 'The registry has done it.',
        schema: intentSchema.extend({ result }),
      },
      202: {
        text: 'It is on the disk and will be delivered: ask /outbox/{intent} for what became of it.',
        schema: intentSchema,
      },
    },
    handle: (asked) => taken(outbox, intent(asked), asked),
  });
}
