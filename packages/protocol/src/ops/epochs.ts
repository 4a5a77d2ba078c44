import { z } from 'zod';
import { identifierKinds } from '../identifiers/kinds.ts';
import { b64u32, compactJws, numericDate, timestamp } from '../schemas.ts';
import { controls, subjectLeaves, subjectSchema } from '../subject-tree.ts';
import { reasonCodes } from '../taxonomy/index.ts';
import { idSchema } from '../typeid.ts';
import { empty, nextCursor, page, sanctionResult, sanctionState } from './common.ts';
import { define } from './define.ts';
import { operatorAct } from './parties.ts';

const epoch = subjectSchema.shape.epoch;

const untokenised = z.object({
  sanction: idSchema('snc'),
  state: sanctionState,
  reason: z.enum(reasonCodes),
  /** The platform's own case id */
  ref: z.string().optional(),
  /** The epoch of its newest tokens */
  epoch,
  /** When that epoch closes: what is live then and has no newer tokens ends */
  closesAt: timestamp.optional(),
  /** Subjects that need new tokens: all that no decision detached */
  subjects: z.array(
    z.object({
      index: z.int(),
      kind: z.enum(identifierKinds),
      control: z.enum(controls),
      provenAt: numericDate,
    }),
  ),
});
/** An own record without tokens of the newest epoch. */
export type UntokenisedRecord = z.infer<typeof untokenised>;

/** Operations of a rotation of the key that tokens are made by. */
export const epochOps = {
  'sanctions.untokenised': define('read', ['service', 'trust'], {
    summary:
      'List your records without tokens of the newest epoch, ended ones until they are erased; the oldest first.',
    input: z.strictObject(page),
    output: z.object({
      /** The epoch that they need tokens of */
      epoch,
      sanctions: z.array(untokenised),
      next: nextCursor,
    }),
  }),
  'sanctions.retokenise': define('mutation', ['service', 'trust'], {
    summary: 'Give your record the tokens of the newest epoch, for the same identifiers.',
    input: z.strictObject({
      /** `recourse-subjects+jwt` by a trust key */
      update: compactJws,
      /** The same subjects at the same places, with new salts */
      tokens: z.array(subjectSchema).min(1).max(subjectLeaves),
      /** Commitments of the unused leaves, in the order of their places */
      padding: z.array(b64u32).max(subjectLeaves - 1),
      /** Tokens of the same identifiers under the record's epoch, in the order of `tokens`; needed while it is live */
      before: z.array(b64u32).max(subjectLeaves).optional(),
    }),
    output: z.object({ ...sanctionResult.shape, epoch }),
  }),
  'oprf.next': define('read', ['operator'], {
    summary:
      'Read which epoch may be announced next, when it may open, and the public key of its secret on this server.',
    input: empty,
    output: z.object({
      epoch,
      /** Absent where the server has no secret of it */
      publicKey: b64u32.optional(),
      /** If it is announced now; after `opensUntil` while the newest epoch is too young */
      opensFrom: timestamp,
      opensUntil: timestamp,
    }),
  }),
  'oprf.rotate': operatorAct({
    summary:
      'Announce the key of the next epoch. Every server needs its secret; the epoch before closes 14 days after it opens.',
    input: z.strictObject({ epoch: epoch.min(2), publicKey: b64u32, opensAt: numericDate }),
  }),
};
