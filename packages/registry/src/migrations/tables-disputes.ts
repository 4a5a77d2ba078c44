import { disputeEnds } from '@recourse/protocol';

/** Evidence that a reviewer says does not fit, each looked at once more by another one. */
export const disputeTables = [
  `create table disputes (
    review text not null,
    sanction text not null,
    item integer not null check (item between 0 and 15),
    round integer not null,
    holder text not null references holders,
    at timestamptz not null,
    content_key bytea,
    second text references holders,
    assigned_at timestamptz,
    closed_at timestamptz,
    closed_as text check (closed_as in (${disputeEnds.map((end) => `'${end}'`).join(', ')})),
    primary key (review, item, round),
    foreign key (review, sanction) references reviews (id, sanction),
    foreign key (review, item, round) references deliveries (review, item, round),
    foreign key (review, holder) references assignments (review, holder),
    -- Nobody repeats themselves.
    constraint disputes_by_another check (second <> holder),
    check ((second is null) = (assigned_at is null)),
    check ((closed_at is null) = (closed_as is null)),
    -- With key and bytes anybody could read it: a closed one keeps neither.
    check ((closed_at is null) = (content_key is not null)),
    check (closed_as is null or closed_as = 'moot' or second is not null)
  )`,
  `create unique index disputes_one_open on disputes (review, item) where closed_at is null`,
  `create index disputes_waiting on disputes (at) where closed_at is null`,
];

/** Who says that evidence does not fit has a key of the case; who repeats it is independent and new to the record. */
export const disputePolicies = (role: string): string[] => [
  'alter table disputes enable row level security',
  `create policy disputes_read on disputes for select to ${role} using (true)`,
  `create policy disputes_assigned on disputes for insert to ${role} with check (
    is_independent(sanction, holder, at) and second is null
    and exists (select from assignments c where c.review = disputes.review and c.holder = disputes.holder
      and c.released_at is null and c.keyed_at is not null))`,
  `create policy disputes_independent on disputes for update to ${role} using (true) with check (
    closed_as is not distinct from 'moot' or second is null or (
      is_independent(sanction, second, coalesce(closed_at, assigned_at))
      and is_new_to(sanction, second, review)
      and not exists (select from assignments c where c.review = disputes.review and c.holder = disputes.second)))`,
];
