/** What reviewers do beside appeals. */
export const reviewTables = [
  // When an appeal on a record of a group was assigned last: groups take turns.
  `create table panel_turns (
    group_name text primary key,
    at timestamptz not null
  )`,
  // Sitting reviewers who signed for a new one: two people, and not the new one.
  `create table countersignatures (
    holder text not null references holders,
    by_holder text not null references holders check (by_holder <> holder),
    kid text not null references keys,
    statement text not null,
    primary key (holder, by_holder)
  )`,
  // Whether notice is rightly withheld: one reviewer says so, once.
  `create table notice_reviews (
    sanction text primary key references sanctions,
    holder text not null references holders,
    kid text not null references keys,
    confirmed boolean not null,
    at timestamptz not null
  )`,
];

/**
 * New to a record: nobody decides it twice. Out stays who decided it, has it, gave it back or let it expire, as a reviewer
 * of an appeal or of an inspection; who judged its notice; and who looked again at its evidence. Who had it when the appeal
 * or the record ended without them may come back: a creator who appeals and withdraws in turn would use up the panel.
 * @param of_work the appeal or inspection that they have already, which does not count
 */
export const isNewTo = `create function is_new_to(of_sanction text, of_holder text, of_work text)
  returns boolean language sql stable as $$
    select not exists (
        select from claims c where c.sanction = of_sanction and c.holder = of_holder
          and c.appeal is distinct from of_work and c.released_as is distinct from 'closed')
      and not exists (
        select from inspections u join panel_items i on i.id = u.item
        where u.sanction = of_sanction and u.holder = of_holder
          and u.item is distinct from of_work and i.closed_by is distinct from 'end')
      and not exists (
        select from notice_reviews n where n.sanction = of_sanction and n.holder = of_holder)
      and not exists (
        select from disputes p where p.sanction = of_sanction and p.second = of_holder
          and p.work is distinct from of_work and p.closed_as is distinct from 'moot')
  $$`;

export const reviewPolicies = (role: string): string[] => [
  `alter table notice_reviews enable row level security`,
  `create policy notice_reviews_read on notice_reviews for select to ${role} using (true)`,
  `create policy notice_reviews_independent on notice_reviews for insert to ${role} with check (
    is_independent(sanction, holder, at) and is_new_to(sanction, holder, null)
    and exists (select from sanctions s where s.id = notice_reviews.sanction
      and s.withheld_ground is not null and s.submitted_at is not null))`,
];
