import { z } from 'zod';
import { b64u32, timestamp } from '../schemas.ts';
import { partyIdSchema } from '../roles.ts';
import { isPublic, number, word } from './define.ts';

/** Statements of the registry about itself. */
export const registryEntries = {
  'oprf-epoch': isPublic({
    epoch: number,
    publicKey: b64u32,
    opensAt: timestamp,
    /** The end of the epoch before: every epoch has it but the first */
    beforeClosesAt: timestamp.optional(),
    call: b64u32.optional(),
  }),
  'prefix-set': isPublic({ epoch: number, version: number, list: word, hash: b64u32 }),
  'witness-policy': isPublic({
    threshold: number,
    witnesses: z.array(z.looseObject({ party: partyIdSchema, key: z.string() })),
  }),
  restored: isPublic({
    from: number,
    to: number,
    counts: z.record(z.string(), number),
    /** Root of what the registry lost for good, where it lost anything */
    losses: b64u32.optional(),
  }),
};
