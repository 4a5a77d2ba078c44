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
---
insert into appeal_proofs (appeal, sanction, proof)
select a.id, a.sanction, s.proof from appeals a join sanctions s on s.id = a.sanction
where a.closed_at is null and s.proof is not null
on conflict (appeal) do nothing;
---
update appeal_proofs p set closed_at = a.closed_at from appeals a
where a.id = p.appeal and p.closed_at is null and a.closed_at is not null;
---
CREATE OR REPLACE FUNCTION public.assert_appeal_proof()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
    begin
      if exists (select from sanctions s where s.id = new.sanction and s.proof is not null)
        and not exists (select from appeal_proofs p where p.appeal = new.id)
      then raise exception 'an appeal that says not what it is about' using errcode = 'check_violation'; end if;
      return null;
    end $function$
;
---
CREATE OR REPLACE FUNCTION public.open_on_same_evidence(of_sanction text, at timestamp with time zone, since timestamp with time zone DEFAULT 'infinity'::timestamp with time zone)
 RETURNS SETOF text
 LANGUAGE sql
 STABLE
AS $function$
    select p.appeal from sanctions mine
    cross join lateral (
      select p.appeal, p.sanction from appeal_proofs p
      where p.proof = mine.proof and coalesce(p.closed_at, 'infinity') >= since offset 0) p
    cross join lateral (
      select from appeals a where a.id = p.appeal and coalesce(a.closed_at, 'infinity') >= since offset 0) a
    cross join lateral (select s.party from sanctions s where s.id = p.sanction offset 0) s
    where mine.id = of_sanction and p.sanction <> mine.id and array[s.party] <@ array(select group_members(mine.party, at))
  $function$
;
---
CREATE TRIGGER appeals_on_evidence AFTER INSERT ON public.appeals FOR EACH ROW WHEN ((new.closed_at IS NULL)) EXECUTE FUNCTION assert_appeal_proof();
---
insert into contact_looks (claimant, sanction) select claimant, sanction from case_contacts
on conflict (claimant) do nothing;
---
alter table case_contacts add constraint case_contacts_looked FOREIGN KEY (claimant) REFERENCES contact_looks(claimant);
---
CREATE OR REPLACE FUNCTION public.due_contacts(at timestamp with time zone)
 RETURNS TABLE(claimant text, look_at timestamp with time zone)
 LANGUAGE sql
 STABLE
AS $function$
    select l.claimant, l.look_at from contact_looks l where l.look_at <= at $function$
;
