alter table audit drop constraint audit_pkey;
---
revoke INSERT on audit from recourse_service;
---
grant INSERT on audit_groups to recourse_service;
---
CREATE OR REPLACE FUNCTION public.guard_quota()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
  declare
    declared integer := coalesce((new.registration ->> 'signupsPerDay')::integer, 1000);
    units integer := 8 * declared;
  begin
    if current_user <> 'recourse_service' then return new; end if;
    if tg_op = 'UPDATE' then
      if new.registration ->> 'signupsPerDay' is distinct from old.registration ->> 'signupsPerDay' then
        raise exception 'signups are declared once' using errcode = 'check_violation';
      end if;
      if new.submissions_per_day is not distinct from old.submissions_per_day
        and new.elements_per_day is not distinct from old.elements_per_day then return new; end if;
    end if;
    if (
      new.submissions_per_day > declared or new.elements_per_day > units
      or new.submissions_per_day < coalesce(old.submissions_per_day, 1000001)
      or coalesce(new.elements_per_day, units) < coalesce(old.elements_per_day, units)
    ) and not exists (
      -- Not older than this transaction, of which a savepoint has a later number.
      select from proposals p where p.op = 'platforms.setQuota' and p.executed_by is not null
        and age(p.xmin) <= 0
    ) then
      raise exception 'beyond the declared signups, or lower than it was, it takes two' using errcode = 'check_violation';
    end if;
    return new;
  end $function$
;
---
alter table prefix_counts drop constraint prefix_counts_pkey;
---
alter table prefix_counts add constraint prefix_counts_pkey PRIMARY KEY (epoch, generation, prefix);
---
grant INSERT on prefix_generations to recourse_service;
