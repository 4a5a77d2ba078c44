import { z } from 'zod';
import { prefixLists } from '../prefix-set.ts';
import { b64u, b64u32, compactJws } from '../schemas.ts';
import { define } from './define.ts';

const common = {
  /** `recourse-set+jwt` of the version that this answer leads to */
  set: compactJws,
  /** Do not ask again before */
  minWaitSeconds: z.int().min(0).max(3600),
};

export const prefixOps = {
  'prefixes.sync': define('read', ['service', 'trust'], {
    summary: 'Bring your prefix set to its newest version, by a delta where there is one.',
    input: z.strictObject({
      list: z.enum(prefixLists),
      epoch: z.int().min(1).max(0xffff_ffff),
      /** The version that the caller holds; without one, and for an old one, the answer is a full set */
      version: z.int().min(1).optional(),
    }),
    output: z.union([
      z.object({
        ...common,
        partial: z.literal(true),
        /** Rice-coded indices into the caller's version; none where it is the newest */
        removals: b64u.optional(),
        /** Rice-coded prefixes; with `removals` */
        additions: b64u.optional(),
      }),
      z.object({
        ...common,
        partial: z.literal(false),
        /** Snapshot of `set`, which may be some versions old: then ask again with its version */
        snapshot: z.object({
          /** `/prefixes/<sha256>`, below the registry's URL */
          url: z.string().regex(/^\/prefixes\/[A-Za-z0-9_-]{43}$/),
          /** Hash of the bytes of the snapshot */
          sha256: b64u32,
          bytes: z.int().min(1).max(0x0fff_ffff),
        }),
      }),
    ]),
  }),
};
