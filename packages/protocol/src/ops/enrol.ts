import { z } from 'zod';
import { inviteCodeSchema } from '../invite.ts';
import { holderSchema } from '../roles.ts';
import { partyIdSchema } from '../roles.ts';
import { b64u32, compactJws } from '../schemas.ts';
import { defineAct as define } from './case-act.ts';

/** Operations of those who have no key yet: unsigned, and without a receipt. */
export const publicOps = {
  'parties.enrol': define('mutation', {
    summary: 'Redeem an invite with the proof of possession of a new key.',
    /** `enrolment` is a `recourse-enrol+jwt` */
    input: z.strictObject({ code: inviteCodeSchema, enrolment: compactJws }),
    output: z.object({
      party: partyIdSchema,
      holder: holderSchema,
      kid: b64u32,
      /** `active` for the first admin key of a party; any other waits for a statement by an admin key */
      state: z.enum(['active', 'awaiting-admin']),
    }),
  }),
};
