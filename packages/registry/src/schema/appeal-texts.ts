import { mostInformation } from '@recourse/protocol';
import { mostQuestions, mostRounds } from '@recourse/protocol/review';
import { defineTable, oneOf, type RowOf } from './define-table.ts';

export const questions = defineTable('questions', {
  keep: {
    why: 'what reviewers ask',
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
    /** When everybody had answered whom it was put to */
    answered_at: row.changing('timestamptz'),
    /** Whom it is put to; none where it is put to everybody who appeals */
    claimant: row.fixed('text'),
    /** The place that it takes of its reviewer's */
    round: row.fixed(`integer not null check (round between 1 and ${mostRounds})`),
    slot: row.fixed(`integer not null check (slot between 0 and ${mostQuestions - 1})`),
  }),
  constraints: [
    'unique (id, sanction)',
    'foreign key (claimant, sanction) references claimants (id, sanction)',
    'foreign key (appeal, sanction) references appeals (id, sanction)',
    'foreign key (appeal, holder) references assignments (review, holder)',
    'unique (appeal, holder, round, slot)',
  ],
});

export type QuestionsTable = RowOf<typeof questions>;

/** Each claimant answers for themselves: nobody answers in the place of another. */
export const questionAnswers = defineTable('question_answers', {
  keep: { why: 'what creators answer', form: 'sealed', life: 'texts', goes: 'row' },
  columns: (row) => ({
    question: row.fixed('text not null'),
    sanction: row.fixed('text not null'),
    claimant: row.fixed('text not null'),
    text: row.fixed('bytea not null'),
    at: row.fixed('timestamptz not null'),
  }),
  constraints: [
    'primary key (question, claimant)',
    'foreign key (question, sanction) references questions (id, sanction)',
    'foreign key (claimant, sanction) references claimants (id, sanction)',
  ],
});

export type QuestionAnswersTable = RowOf<typeof questionAnswers>;

export const caseInformation = defineTable('case_information', {
  keep: { why: 'what claimants add', form: 'sealed', life: 'texts', goes: 'row' },
  columns: (row) => ({
    appeal: row.fixed('text not null'),
    sanction: row.fixed('text not null'),
    claimant: row.fixed('text not null'),
    position: row.fixed('integer not null'),
    text: row.fixed('bytea not null'),
    at: row.fixed('timestamptz not null'),
    /** Its place in the room of this claimant */
    slot: row.fixed(`integer not null check (slot between 0 and ${mostInformation - 1})`),
  }),
  constraints: [
    'primary key (appeal, position)',
    'unique (appeal, claimant, slot)',
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
    /** Its place in the room of this claimant: see `file_room` */
    slot: row.fixed('integer not null check (slot >= 0)'),
  }),
  constraints: [
    'primary key (appeal, position)',
    'unique (appeal, claimant, slot)',
    'foreign key (appeal, sanction) references appeals (id, sanction)',
    'foreign key (claimant, sanction) references claimants (id, sanction)',
  ],
});
