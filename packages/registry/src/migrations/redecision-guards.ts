import { askAgainDays, mostAskedAgain } from '@recourse/protocol';

const isReversal = (row: string): string => `${row}.outcome in ('reversed', 'finding')`;

/** Once, of a reversal, in time, and within what its submitter may ask about in a quarter. */
const asked = `create function guard_redecision() returns trigger language plpgsql as $$
  declare
    quarter timestamptz := date_trunc('quarter', new.asked_at at time zone 'UTC') at time zone 'UTC';
    of_party text;
  begin
    select s.party into of_party from appeals a join sanctions s on s.id = a.sanction
    where a.id = new.appeal and a.closed_as = 'decided' and ${isReversal('a')}
      and a.closed_at <= new.asked_at and a.closed_at > new.asked_at - interval '${askAgainDays} days';
    if of_party is null or old.asked_at is not null then
      raise exception 'not to be asked about' using errcode = 'check_violation';
    end if;
    -- Two at once each count the other.
    perform from parties p where p.id = of_party for no key update;
    if left_to_ask(of_party, quarter) <= 0 then
      raise exception 'none left in this quarter' using errcode = 'check_violation';
    end if;
    return new;
  end $$`;

/** What a submitter may still ask about in a quarter that began then. */
const leftToAsk = `create function left_to_ask(of_party text, quarter timestamptz)
  returns integer language sql stable as $$
    select ${mostAskedAgain.base} + (
      select count(*)::integer from appeals a join sanctions s on s.id = a.sanction
      where s.party = of_party and a.closed_at >= quarter and a.closed_as = 'decided' and ${isReversal('a')}
    ) / ${mostAskedAgain.oneIn} - (
      select count(*)::integer from redecisions r join sanctions s on s.id = r.sanction
      where s.party = of_party and r.asked_at >= quarter)
  $$`;

/** A reversal of which its submitter may still ask that it be decided again: what it rests on is kept until then. */
const mayAskAgain = `create function may_ask_again(of_sanction text, at timestamptz)
  returns boolean language sql stable as $$
    select exists (
      select from redecisions r join appeals a on a.id = r.appeal
      where r.sanction = of_sanction and r.asked_at is null and ${isReversal('a')}
        and a.closed_at > at - interval '${askAgainDays} days')
  $$`;

/** A reversal that two others, asked by the submitter, both would have left in force: it counts against nobody but them. */
export const isOverturned = `create function is_overturned(of_appeal text, upto timestamptz)
  returns boolean language sql stable as $$
    select count(*) = 2 from inspections u
    where u.appeal = of_appeal and u.why = 'asked' and u.outcome = 'passed' and u.closed_at <= upto
  $$`;

const readable = (table: string, role: string): string[] => [
  `alter table ${table} enable row level security`,
  `create policy ${table}_read on ${table} for select to ${role} using (true)`,
];

/** For the service role; the owner of the schema is bound by no policy. */
export const redecisionGuards = (role: string): string[] => [
  ...readable('redecisions', role),
  `create policy redecisions_decided on redecisions for insert to ${role} with check (
    drawn is null and asked_at is null and exists (
      select from appeals a where a.id = redecisions.appeal and a.closed_as = 'decided'))`,
  // By the first checkpoint that readers were shown with the entry in it, and by no later one.
  `create policy redecisions_seeded on redecisions for update to ${role} using (true) with check (
    size is null or exists (
      select from ledger_checkpoints c
      where c.size = redecisions.size
        and decode(split_part(c.note, E'\\n', 3), 'base64') = redecisions.root
        and c.size = (
          select min(s.size) from ledger_entries e join ledger_served s on s.size > e.index
          where e.leaf = redecisions.leaf)))`,
  `create trigger redecisions_final before update of size, root, drawn on redecisions
    for each row when (old.drawn is not null) execute function refuse_change()`,
  leftToAsk,
  mayAskAgain,
  asked,
  `create trigger redecisions_asked before update of asked_at on redecisions
    for each row execute function guard_redecision()`,
];
