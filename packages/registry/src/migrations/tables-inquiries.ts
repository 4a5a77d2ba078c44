import { answersByQuestion, inquiryQuestions } from '@recourse/protocol';
import { quoted } from './quoted.ts';

const answered = inquiryQuestions
  .map((asks) => `when '${asks}' then answer in (${quoted(answersByQuestion[asks])})`)
  .join(' ');

/** Inquiries between trust teams, closed both ways: no column takes a word of a platform's choosing. */
export const inquiryTables = [
  `create table inquiries (
    id text primary key check (id ~ '^qst_[0-9a-z]{26}$'),
    match text not null references matches,
    sanction text not null references sanctions,
    -- Who asks
    party text not null references parties check (party ~ '^plt_'),
    asks text not null check (asks in (${quoted(inquiryQuestions)})),
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
  `create index inquiries_of_sanction on inquiries (sanction)`,
  `create index inquiries_of_party on inquiries (party, id)`,
];

export const inquiryGuards = [
  `create trigger inquiries_final before update of answer, answered_at on inquiries
    for each row when (old.answered_at is not null) execute function refuse_change()`,
];
