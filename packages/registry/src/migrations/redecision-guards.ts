/** A decision that the ledger did not draw yet: what it rests on is kept until then, a day at most. */
const mayBeDrawn = `create function may_be_drawn(of_sanction text, at timestamptz)
  returns boolean language sql stable as $$
    select exists (
      select from redecisions r join appeals a on a.id = r.appeal
      where r.sanction = of_sanction and r.drawn is null and a.closed_at > at - interval '1 day')
  $$`;

const readable = (table: string, role: string): string[] => [
  `alter table ${table} enable row level security`,
  `create policy ${table}_read on ${table} for select to ${role} using (true)`,
];

/** For the service role; the owner of the schema is bound by no policy. */
export const redecisionGuards = (role: string): string[] => [
  ...readable('redecisions', role),
  `create policy redecisions_decided on redecisions for insert to ${role} with check (
    drawn is null and exists (
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
  mayBeDrawn,
];
