import { answersByQuestion, trustQuestions } from '@recourse/protocol';
import { quoted } from './quoted.ts';

const answered = trustQuestions
  .map((asks) => `when '${asks}' then answer in (${quoted(answersByQuestion[asks])})`)
  .join(' ');

/** Questions between trust teams, closed both ways: no column takes a word of a platform's choosing. */
export const questionTables = [
  `create table trust_questions (
    id text primary key check (id ~ '^qst_[0-9a-z]{26}$'),
    match text not null references matches,
    sanction text not null references sanctions,
    -- Who asks
    party text not null references parties check (party ~ '^plt_'),
    asks text not null check (asks in (${quoted(trustQuestions)})),
    asked_at timestamptz not null,
    due_at timestamptz not null check (due_at > asked_at),
    answer text,
    answered_at timestamptz check (answered_at >= asked_at),
    -- Each question once a match
    unique (match, asks),
    foreign key (match, sanction, party) references matches (id, sanction, party),
    check ((answer is null) = (answered_at is null)),
    check (answer is null or case asks ${answered} end)
  )`,
  `create index trust_questions_of_sanction on trust_questions (sanction)`,
  `create index trust_questions_of_party on trust_questions (party, id)`,
];

export const questionGuards = [
  `create trigger trust_questions_final before update of answer, answered_at on trust_questions
    for each row when (old.answered_at is not null) execute function refuse_change()`,
];
