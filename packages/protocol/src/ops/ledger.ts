import { z } from 'zod';
import { openingSchema } from '../entries/index.ts';
import { idSchema } from '../typeid.ts';
import { nextCursor, page } from './common.ts';
import { define } from './define.ts';

/** The opening of one entry that names the caller's party, or the case whose erasure took it along. */
export const ownOpening = z.union([
  z.object({
    opening: openingSchema,
    /** The call that `ack` is the hash of, as it was signed; with `recall-acknowledged` */
    call: z.string().optional(),
  }),
  z.object({ erased: idSchema('snc') }),
]);
export type OwnOpening = z.infer<typeof ownOpening>;

/** A party's own openings of the ledger. */
export const ledgerOps = {
  'ledger.openings': define('read', ['service', 'trust'], {
    summary: 'Read the openings of every ledger entry that names your platform, the oldest first.',
    input: z.strictObject(page),
    output: z.object({ openings: z.array(ownOpening), next: nextCursor }),
  }),
};
