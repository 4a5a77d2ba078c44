import { announcedHours, epochDays, overlapDays } from '@recourse/protocol';

/** Epochs of the key that tokens are made by, after the first, and the records that have tokens of them. */
export const epochTables = [
  // Never a secret: a public key, and when it opens. The epoch before closes by it.
  `create table rotations (
    epoch integer primary key check (epoch >= 2),
    public_key text not null unique,
    announced_at timestamptz not null,
    opens_at timestamptz not null constraint rotations_announced
      check (opens_at >= announced_at + interval '${announcedHours} hours'),
    before_closes_at timestamptz not null constraint rotations_overlap
      check (before_closes_at = opens_at + interval '${24 * overlapDays} hours'),
    -- JCS of the entry that announced it
    entry text not null
  )`,
  `create table retokenisations (
    sanction text not null references sanctions,
    epoch integer not null references rotations,
    at timestamptz not null,
    -- The signed update, shown to whoever matches, and its eight leaves
    artefact text not null,
    commitments text[] not null check (cardinality(commitments) = 8),
    primary key (sanction, epoch)
  )`,
];

/** One after the other, each of them 90 days or more: two are live at most. */
export const epochGuards = [
  `create function assert_rotation() returns trigger language plpgsql as $$
    begin
      if new.epoch > 2 and not exists (
        select from rotations r where r.epoch = new.epoch - 1
          and new.opens_at >= r.opens_at + interval '${24 * epochDays} hours') then
        raise exception 'too soon after the one before' using errcode = 'check_violation';
      end if;
      return new;
    end $$`,
  `create trigger rotations_in_order before insert on rotations
    for each row execute function assert_rotation()`,
];
