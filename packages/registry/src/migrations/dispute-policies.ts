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
