import type { DecisionOutcome, InspectionOutcome } from '@recourse/protocol';
import {
  mostAssignedDays,
  redecisionPrefix,
  redecisionThreshold,
  reviewKinds,
  reviewRules,
} from '@recourse/protocol/review';
import { defineTable, oneOf, type RowOf, typed } from './define-table.ts';
import { quoted } from './quoted.ts';

/** A reviewer on a case; assigned first, then keyed by the signed claim. */
export const assignments = defineTable('assignments', {
  keep: {
    why: 'who of the panel had the case; nothing of the creator',
    form: 'clear; opaque ids',
    life: 'remains',
  },
  columns: (row) => ({
    review: row.fixed('text not null'),
    sanction: row.fixed('text not null'),
    holder: row.fixed('text not null references holders'),
    kid: row.fixed('text not null references keys'),
    at: row.fixed('timestamptz not null'),
    /** The signed claim and the thumbprint of its sealing key, once the reviewer made one */
    statement: row.changing('text'),
    sealing_kid: row.changing('text'),
    keyed_at: row.changing('timestamptz'),
    expires_at: row.changing('timestamptz not null'),
    released_at: row.changing('timestamptz'),
    released_as: row.changing('text', oneOf(['recused', 'expired', 'decided', 'closed'])),
    /** The first of the assignment: itself, unless other appeals on the same evidence came along */
    batch: row.fixed('text not null references reviews'),
  }),
  constraints: [
    'primary key (review, holder)',
    'foreign key (review, sanction) references reviews (id, sanction)',
    'check ((statement is null) = (keyed_at is null) and (statement is null) = (sealing_kid is null))',
    'check ((released_at is null) = (released_as is null))',
    `constraint assignments_end check (expires_at <= at + interval '${mostAssignedDays} days')`,
  ],
  indexes: {
    // An inspection has one reviewer.
    assignments_one_inspector: `unique (review) where released_at is null and left(review, 4) = '${reviewRules.inspection.prefix}_'`,
    assignments_sealing_key: '(sealing_kid) where sealing_kid is not null',
    assignments_of_holder: '(holder) where released_at is null',
    assignments_given_back: `(holder, released_at) where released_as = 'recused'`,
    assignments_lapsing:
      '(holder, expires_at) where released_at is null or released_at >= expires_at',
    assignments_of_batch: '(batch, holder)',
    assignments_of_sanction: '(sanction, holder)',
  },
});

export type AssignmentsTable = RowOf<typeof assignments>;

/** One reviewer's decision; with two reviewers, a vote that nobody is told until both are in. */
export const decisions = defineTable('decisions', {
  keep: {
    reasons: { why: 'for creator and submitter', form: 'sealed', life: 'texts', goes: `''` },
    artefact: {
      why: 'the signed decision, for the letter of the creator',
      form: 'clear',
      life: 'case',
      goes: `''`,
    },
    row: { why: 'how each reviewer decided', form: 'clear; opaque ids', life: 'remains' },
  },
  columns: ({ reasons, artefact, row }) => ({
    sanction: row.fixed('text not null'),
    holder: row.fixed('text not null'),
    review: row.fixed('text not null'),
    kid: row.fixed('text not null references keys'),
    outcome: row.fixed('text not null', typed<DecisionOutcome | InspectionOutcome>()),
    cause: row.fixed(`text check (cause ~ '^[a-z-]{1,40}$')`),
    artefact: artefact.fixed('text not null'),
    reasons: reasons.fixed('bytea not null'),
    at: row.fixed('timestamptz not null'),
    /** One more than its reviewer reverses or amends in a day on their own word */
    serial: row.fixed('boolean not null'),
  }),
  constraints: [
    'primary key (review, holder)',
    'foreign key (review, sanction) references reviews (id, sanction)',
    'foreign key (review, holder) references assignments (review, holder)',
    `constraint decisions_of_kind check (case left(review, 4) ${reviewKinds
      .map(
        (kind) =>
          `when '${reviewRules[kind].prefix}_' then outcome in (${quoted(reviewRules[kind].outcomes)})`,
      )
      .join(' ')} end)`,
    `check (case when outcome in ('reversed', 'finding') then cause is not null
        else cause is null or outcome = 'failed' end)`,
  ],
  indexes: { decisions_of_sanction: '(sanction, holder)' },
});

/** A decision of an appeal, and whether it was drawn to be made again by another reviewer. */
export const redecisions = defineTable('redecisions', {
  keep: {
    why: 'whether the ledger drew the decision to be made again',
    form: 'hashes; opaque ids',
    life: 'case',
    goes: 'row',
  },
  columns: (row) => ({
    appeal: row.fixed('text primary key'),
    sanction: row.fixed('text not null'),
    /** Leaf hash of the entry that says what was decided */
    leaf: row.fixed('bytea not null check (octet_length(leaf) = 32)'),
    /** The size and the root of the first checkpoint with that entry that was served; none until there is one */
    size: row.changing('bigint'),
    root: row.changing('bytea check (octet_length(root) = 32)'),
    drawn: row.changing('boolean'),
  }),
  constraints: [
    'foreign key (appeal, sanction) references appeals (id, sanction)',
    'check (num_nonnulls(size, root, drawn) in (0, 3))',
    // Nobody chooses.
    `constraint redecisions_by_hash check (
        drawn = (substring(sha256('${redecisionPrefix}'::bytea || root || leaf) for 4)
          < '\\x${redecisionThreshold}'::bytea))`,
  ],
  indexes: {
    redecisions_undrawn: '(appeal) where drawn is null',
    redecisions_of_sanction: '(sanction)',
  },
});

/** When an appeal on a record of a group was assigned last: groups take turns. */
export const panelTurns = defineTable('panel_turns', {
  keep: { why: 'groups take turns before the panel', form: 'clear', life: 'party' },
  columns: (row) => ({
    group_name: row.fixed('text primary key'),
    at: row.changing('timestamptz not null'),
  }),
});
