import { z } from 'zod';
import { identifierKinds } from '../identifiers/kinds.ts';
import { objectionSchema } from '../membership.ts';
import {
  countedCase,
  mostStrikes,
  panelKinds,
  panelOutcomes,
  partySuspensionSchema,
} from '../panel.ts';
import { b64u32, compactJws, timestamp } from '../schemas.ts';
import { controls } from '../subject-tree.ts';
import { idSchema } from '../typeid.ts';
import { words } from './appeals.ts';
import { ownQuota } from './checks.ts';
import { define } from './define.ts';
import { ownNotices } from './sanctions.ts';

const item = idSchema('itm');

/** Appeals of the last 365 days on records that were disclosed: how many were decided, and how many reversed. */
export const accountabilityFigures = z.object({
  decided: z.int().min(0),
  reversed: z.int().min(0),
  /** Number in the last 90 days */
  reversedIn90Days: z.int().min(0),
});
export type AccountabilityFigures = z.infer<typeof accountabilityFigures>;

/** Records of 24 h. What one was spent on comes back as many hours later. */
const ownRecords = z.object({
  /** Number that a holder makes alone; beyond it a second one confirms each */
  limit: z.int().min(0),
  left: z.int().min(0),
  /** Number that a platform in probation may still make in all */
  leftInProbation: z.int().min(0).optional(),
});

/** An item of the panel as everybody may know it. */
export const panelItem = z.object({
  item,
  kind: z.enum(panelKinds),
  party: idSchema('plt'),
  /** The item that is appealed */
  about: item.optional(),
  openedAt: timestamp,
  dueAt: timestamp,
  votesNeeded: z.int().min(1).max(3),
  closedAt: timestamp.optional(),
  outcome: z.enum(panelOutcomes).optional(),
});
export type PanelItem = z.infer<typeof panelItem>;

const subject = z.object({
  place: z.int().min(0).max(7),
  kind: z.enum(identifierKinds),
  control: z.enum(controls),
  provenAt: timestamp,
});

/** The matter of an item, for the reviewers who vote on it. */
export const panelMatter = {
  /** Figures that a party is judged by */
  figures: accountabilityFigures.optional(),
  /** What these figures are made of, the newest first, where it is asked which of them to strike */
  cases: z
    .array(
      z.object({
        case: countedCase,
        party: idSchema('plt'),
        closedAt: timestamp,
        reversed: z.boolean(),
      }),
    )
    .optional(),
  /** To a registration */
  objections: z.array(objectionSchema).optional(),
  record: z
    .object({ sanction: idSchema('snc'), statement: z.string(), subjects: z.array(subject) })
    .optional(),
  /** A challenge: who says, since when, that which subject is somebody else's */
  challenge: z
    .object({ by: idSchema('plt'), place: subject.shape.place, changedAt: timestamp })
    .optional(),
};

/** Items that the panel votes on, and the standing of a platform. */
export const panelOps = {
  'review.items': define('read', ['reviewer'], {
    summary:
      'List open items that the panel votes on: those assigned to you, and those that you voted on.',
    input: z.strictObject({}),
    output: z.object({
      items: z.array(
        z.object({
          ...panelItem.shape,
          /** The caller's own vote is in; the others are shown to nobody before the last */
          voted: z.boolean(),
          ...panelMatter,
        }),
      ),
    }),
  }),
  'review.vote': define('mutation', ['reviewer'], {
    summary: 'Vote on an assigned item, signed and with reasons, without seeing the other votes.',
    input: z.strictObject({
      /** `recourse-panel-vote+jwt`, by the caller's own key */
      vote: compactJws,
      reasons: z.strictObject({ text: words(20_000), salt: b64u32 }),
      /** Of `strike`: the cases that should count neither for nor against the group */
      strikes: z.array(countedCase).min(1).max(mostStrikes).optional(),
    }),
    output: z.object({
      item,
      state: z.enum(['awaiting-others', 'closed']),
      outcome: z.enum(panelOutcomes).optional(),
    }),
  }),
  'parties.standing': define('read', ['service', 'trust'], {
    summary:
      'Read how your platform stands: reversals, warning, suspension, and items before the panel.',
    input: z.strictObject({}),
    output: z.object({
      figures: accountabilityFigures,
      warnedAt: timestamp.optional(),
      /** Two operators announced new keys of the party: any key of it stops that until then */
      reenrolment: z.object({ announcedAt: timestamp, effectiveAt: timestamp }).optional(),
      suspensions: z.array(partySuspensionSchema),
      items: z.array(z.object({ ...panelItem.shape, reasons: z.array(z.string()) })),
      checks: ownQuota,
      /** Absent from servers of 0.1.0 */
      records: ownRecords.optional(),
      notices: ownNotices,
      /** Appeals on records of the group that no reviewer had for ten days. Above the limit its new records are held */
      backlog: z.object({
        waiting: z.int().min(0),
        limit: z.int().min(0),
        /** Own records that are held for it now */
        held: z.int().min(0),
      }),
      /** Own records that nobody examined in time since a suspension: they answer `verify-identity` alone until then */
      unexamined: z.int().min(0),
    }),
  }),
  'parties.appealSuspension': define('mutation', ['trust'], {
    admin: true,
    summary:
      'Appeal a suspension by the panel, once; three reviewers who had no part in it decide.',
    input: z.strictObject({ item }),
    output: z.object({ item, dueAt: timestamp }),
  }),
};
