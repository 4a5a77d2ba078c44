import { maxCaseFiles, mostInformation } from '@recourse/protocol';
import { mostQuestions, mostRounds } from '@recourse/protocol/review';
import { defineTable, oneOf, type RowOf } from './define-table.ts';
import { room } from './room.ts';

export const questions = defineTable('questions', {
  keep: {
    why: 'what reviewers ask and creators answer',
    form: 'texts sealed',
    life: 'texts',
    goes: 'row',
  },
  columns: (row) => ({
    id: row.fixed(`text primary key check (id ~ '^qst_[0-9a-z]{26}$')`),
    appeal: row.fixed('text not null'),
    sanction: row.fixed('text not null'),
    holder: row.fixed('text not null'),
    kind: row.fixed('text not null', oneOf(['question', 'gist'])),
    text: row.fixed('bytea not null'),
    asked_at: row.fixed('timestamptz not null'),
    due_at: row.fixed('timestamptz not null'),
    answer: row.changing('bytea'),
    answered_at: row.changing('timestamptz'),
    /** Whom it is put to; none where it is put to everybody who appeals */
    claimant: row.fixed('text'),
    answered_by: row.changing('text'),
    /** The place that it takes of its reviewer's */
    round: row.fixed(`integer not null check (round between 1 and ${mostRounds})`),
    slot: row.fixed(`integer not null check (slot between 0 and ${mostQuestions - 1})`),
  }),
  constraints: [
    'foreign key (claimant, sanction) references claimants (id, sanction)',
    'foreign key (answered_by, sanction) references claimants (id, sanction)',
    'check ((answered_by is null) = (answer is null))',
    'foreign key (appeal, sanction) references appeals (id, sanction)',
    'foreign key (appeal, holder) references assignments (review, holder)',
    'unique (appeal, holder, round, slot)',
    'check ((answer is null) = (answered_at is null))',
  ],
});

export type QuestionsTable = RowOf<typeof questions>;

export const caseInformation = defineTable('case_information', {
  keep: { why: 'what claimants add', form: 'sealed', life: 'texts', goes: 'row' },
  columns: (row) => ({
    appeal: row.fixed('text not null'),
    sanction: row.fixed('text not null'),
    claimant: row.fixed('text not null'),
    position: row.fixed('integer not null'),
    text: row.fixed('bytea not null'),
    at: row.fixed('timestamptz not null'),
    ...room(row, mostInformation),
  }),
  constraints: [
    'primary key (appeal, position)',
    'unique (appeal, way, slot)',
    'foreign key (appeal, sanction) references appeals (id, sanction)',
    'foreign key (claimant, sanction) references claimants (id, sanction)',
  ],
});

export const caseFiles = defineTable('case_files', {
  keep: {
    why: 'files that claimants add, with their names',
    form: 'sealed',
    life: 'texts',
    goes: 'row',
  },
  columns: (row) => ({
    appeal: row.fixed('text not null'),
    sanction: row.fixed('text not null'),
    claimant: row.fixed('text not null'),
    position: row.fixed('integer not null'),
    /** JSON of name, media type and base64 bytes, sealed under the case key */
    sealed: row.fixed('bytea not null'),
    size: row.fixed('integer not null'),
    at: row.fixed('timestamptz not null'),
    ...room(row, maxCaseFiles),
  }),
  constraints: [
    'primary key (appeal, position)',
    'unique (appeal, way, slot)',
    'foreign key (appeal, sanction) references appeals (id, sanction)',
    'foreign key (claimant, sanction) references claimants (id, sanction)',
  ],
});
