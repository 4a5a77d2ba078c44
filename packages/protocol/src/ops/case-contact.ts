import { z } from 'zod';
import { language, timestamp } from '../schemas.ts';
import { by, caseSecret, defineAct, jti } from './case-act.ts';

/** How often the code of an address may be typed wrongly, before the address is forgotten. */
export const mostContactTries = 5;

/** An address that hears when a case has news: sealed, confirmed by its owner, erased when the case closes. */
export const contactOps = {
  'case.setContact': defineAct('mutation', {
    summary: 'Leave an email address for news of the case; its owner has to confirm it.',
    input: z.strictObject({ ...by, email: z.email().max(254), language }),
    output: z.object({ confirmBy: timestamp }),
  }),
  'case.confirmContact': defineAct('mutation', {
    summary: 'Confirm the address by the mailed code; from then on it gets news of the case.',
    input: z.strictObject({ ...by, code: z.string().max(40) }),
    output: z.object({
      /** False: not the code, or too late. With no try left the address is forgotten */
      confirmed: z.boolean(),
      triesLeft: z.int().min(0).max(mostContactTries),
    }),
  }),
  'case.removeContact': defineAct('mutation', {
    summary: 'Have your address forgotten.',
    input: z.strictObject(by),
    output: z.object({ removed: z.boolean() }),
  }),
  'case.stopContact': defineAct('mutation', {
    summary: 'Have an address forgotten, by the code at the end of a mail to it.',
    input: z.strictObject({ jti, code: caseSecret }),
    output: z.object({ stopped: z.literal(true) }),
  }),
};

/** An address as its owner reads it: never whole, since the thief of a key would read it too. */
export const contactView = z.object({
  address: z.string(),
  state: z.enum(['unconfirmed', 'confirmed']),
  at: timestamp,
  /** The last mail could not be handed in; it is tried again */
  failing: z.boolean(),
});
