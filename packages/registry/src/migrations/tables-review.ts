import { reasonCodes } from '@recourse/protocol';
import { quoted } from './quoted.ts';

/** What reviewers do beside appeals. */
export const reviewTables = [
  `create table reviewer_opt_outs (
    holder text not null references holders,
    reason text not null check (reason in (${quoted(reasonCodes)})),
    primary key (holder, reason)
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
    at timestamptz not null,
    unique (sanction, confirmed)
  )`,
  // Nothing answers before notice but what a reviewer confirmed.
  `alter table sanctions add constraint sanctions_ground_confirmed
    foreign key (id, ground_confirmed) references notice_reviews (sanction, confirmed)`,
];

/** Nobody judges who did so before, or gave the case back: of one record, once. */
export const isNewTo = `create function is_new_to(of_sanction text, of_holder text)
  returns boolean language sql stable as $$
    select not exists (
        select from decisions d where d.sanction = of_sanction and d.holder = of_holder)
      and not exists (
        select from claims c where c.sanction = of_sanction and c.holder = of_holder
          and c.released_as = 'recused')
      and not exists (
        select from notice_reviews n where n.sanction = of_sanction and n.holder = of_holder)
      and not exists (
        select from audits u where u.sanction = of_sanction and u.holder = of_holder)
  $$`;

export const reviewPolicies = (role: string): string[] => [
  `alter table notice_reviews enable row level security`,
  `create policy notice_reviews_read on notice_reviews for select to ${role} using (true)`,
  `create policy notice_reviews_independent on notice_reviews for insert to ${role} with check (
    is_independent(sanction, holder, at) and is_new_to(sanction, holder)
    and exists (select from sanctions s where s.id = notice_reviews.sanction
      and s.withheld_ground is not null and s.submitted_at is not null))`,
];
