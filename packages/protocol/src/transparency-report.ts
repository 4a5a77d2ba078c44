import { z } from 'zod';
import { timestamp } from './schemas.ts';
import { reasonCodes } from './taxonomy/index.ts';
import { idSchema } from './typeid.ts';

/** Cells of fewer than this are not published. */
export const smallestCell = 5;

/** Every figure is a count named `group.detail`; one that is not listed is 0, or, in a cell, not published. */
const figures = z.record(z.string(), z.int().min(0));
const days = z.strictObject({ median: z.number().min(0), p90: z.number().min(0) });
/** `decision`: from opening an appeal to deciding it; `listed`: from being visible to a reversal. Whole days. */
const durations = z.strictObject({ decision: days.optional(), listed: days.optional() });
const month = z.string().regex(/^\d{4}-\d{2}$/);

/** The totals of one platform, which are never suppressed. */
export const platformReportSchema = z.strictObject({
  platform: idSchema('plt'),
  name: z.string(),
  registeredAt: timestamp,
  leftAt: timestamp.optional(),
  owners: z.array(z.strictObject({ name: z.string(), percent: z.number() })),
  /** Figures of all time; never suppressed */
  totals: figures,
  days: durations,
  /** Figures of the six reasons that are nearest to speech; contained in the totals */
  speech: z.strictObject({ totals: figures, days: durations }),
  /** Figures of the platform that are of no reason, by month, or by quarter where it is stated so; never suppressed */
  periods: z.array(z.strictObject({ period: z.string(), figures })),
  years: z.array(
    z.strictObject({
      year: z.string().regex(/^\d{4}$/),
      reason: z.enum(reasonCodes),
      figures,
      days: durations,
    }),
  ),
  /** Figures of this year and the one before */
  months: z.array(z.strictObject({ month, reason: z.enum(reasonCodes), figures })),
});
export type PlatformReport = z.infer<typeof platformReportSchema>;

/**
 * `/transparency/report.json`. A cell (platform, reason, month or year) below {@link smallestCell} is left out, and so are
 * cells from which, with the totals, one that is left out could be computed.
 */
export const transparencyReportSchema = z.strictObject({
  v: z.literal(1),
  asOf: timestamp,
  smallestCell: z.literal(smallestCell),
  speechReasons: z.array(z.enum(reasonCodes)),
  /** Whether what the tables say and what the ledger says are the same */
  agrees: z.boolean(),
  comparison: z.strictObject({
    /** Entries of the ledger, those that wait for it among them */
    entries: z.int().min(0),
    /** Figures that were derived from both */
    cells: z.int().min(0),
    /** Records whose entries nobody can open any more; the log has the entry that says so */
    erasedRecords: z.int().min(0),
    /** Entries that nothing opens, though their case was not erased */
    unopened: z.int().min(0),
    /** Differences by platform and figure, over all reasons and periods; the first hundred */
    differences: z.array(
      z.strictObject({
        about: z.string(),
        figure: z.string(),
        /** Cells that differ */
        cells: z.int().min(1),
        tables: z.int(),
        ledger: z.int(),
      }),
    ),
  }),
  /** Groups of figures of which the ledger has no entry */
  fromTablesOnly: z.array(z.string()),
  /** Figures that the report does not tell yet */
  absent: z.array(z.string()),
  platforms: z.array(platformReportSchema),
  panel: z.strictObject({
    reviewers: z.int().min(0),
    /** Appeals that they may have open together */
    capacity: z.int().min(0),
    openAppeals: z.int().min(0),
    affiliations: z.int().min(0),
    /** As the operator states it */
    paidBy: z.string().nullable(),
    /** Appeals that ended undecided, for each reviewer who had one and did not give it back: by an opaque id */
    undecided: z.array(z.strictObject({ reviewer: z.string(), n: z.int().min(1) })),
    /** Decisions that another reviewer made again: how often they agree, of nobody by name */
    decidedAgain: z.strictObject({
      drawn: z.int().min(0),
      agreed: z.int().min(0),
      differed: z.int().min(0),
      /** Nobody made it again in time */
      lapsed: z.int().min(0),
      /** The submitter did not deliver its evidence again, or other bytes */
      undelivered: z.int().min(0),
      /** The record ended first */
      moot: z.int().min(0),
    }),
  }),
  /** Alarms of the registry as a whole */
  alarms: z.array(z.strictObject({ month, kind: z.string(), n: z.int().min(1) })),
});
export type TransparencyReport = z.infer<typeof transparencyReportSchema>;

/** JSON Schema (2020-12) of the report, as published at `/transparency/report.schema.json`. */
export const transparencyReportJsonSchema = (): object => z.toJSONSchema(transparencyReportSchema);
