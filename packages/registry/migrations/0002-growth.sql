set local check_function_bodies = off;
---
create table report_fold (
  singleton boolean primary key default true check (singleton),
  basis text not null,
  place jsonb not null
);
---
create table report_cells (
  figure text not null,
  party text not null,
  reason text not null,
  period text not null,
  days integer not null,
  n integer not null,
  primary key (party, figure, reason, period, days)
);
---
create table report_cases (
  sanction text primary key,
  upto xid8 not null,
  opened integer not null,
  keyless integer not null,
  counts jsonb not null
);
---
create index audit_finds on audit (op, iss, at)
  where op in ('case.find', 'case.prove', 'case.ticket') and status = 200;
---
create index openings_txid on openings (txid);
---
grant select, insert, delete on report_fold, report_cells, report_cases to recourse_service;
---
grant update (basis, place) on report_fold to recourse_service;
---
grant update (n) on report_cells to recourse_service;
---
grant update (upto, opened, keyless, counts) on report_cases to recourse_service;
---
create table submission_parts ();
---
alter table submission_parts add column party text not null;
---
alter table submission_parts add column part integer not null;
---
alter table submission_parts add column hour integer not null;
---
alter table submission_parts add column spent integer[] not null;
---
alter table submission_parts add constraint submission_parts_pkey PRIMARY KEY (party, part);
---
alter table submission_parts add constraint submission_parts_spent_check CHECK ((cardinality(spent) = 25));
---
alter table submission_parts add constraint submission_parts_party_fkey FOREIGN KEY (party) REFERENCES parties(id);
---
grant INSERT on submission_parts to recourse_service;
---
grant SELECT on submission_parts to recourse_service;
---
grant UPDATE (hour) on submission_parts to recourse_service;
---
grant UPDATE (spent) on submission_parts to recourse_service;
---
CREATE INDEX panel_items_struck ON public.panel_items USING btree (closed_at) WHERE ((kind = 'strikes'::text) AND (outcome = 'strike'::text));
---
drop index sanctions_unended;
---
drop index sanctions_to_retokenise;
---
drop index sanctions_to_erase;
---
drop index checks_at;
---
CREATE OR REPLACE FUNCTION public.take_texts(of_sanction text, erased_when timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
    #variable_conflict use_column
    declare
      keyed text[] := array(select d.evidence from deliveries d where d.sanction = of_sanction and d.sealed is not null);
    begin
      delete from submitter_subjects where lookup in (
        select lookup from subjects where sanction = of_sanction);
      delete from checked_subjects where lookup in (
        select lookup from subjects where sanction = of_sanction);
      update notice_deliveries set address = null
      where sanction = of_sanction and address is not null;
      update panel_votes set reasons = '' where item in (
        select id from panel_items where sanction = of_sanction);
      update disputes set content_key = null where sanction = of_sanction and content_key is distinct from null;
      update deliveries set sealed = null where sanction = of_sanction and sealed is distinct from null;
      update decisions set reasons = '' where sanction = of_sanction and reasons is distinct from '';
      update appeal_joins set words = null where sanction = of_sanction and words is distinct from null;
      delete from question_answers where sanction = of_sanction;
      delete from questions where sanction = of_sanction;
      delete from case_information where sanction = of_sanction;
      delete from case_files where sanction = of_sanction;
      update appeals set response = null where sanction = of_sanction and response is distinct from null;
      update appeals set news = null where sanction = of_sanction and news is distinct from null;
      update appeals set words = '' where sanction = of_sanction and words is distinct from '';
      update case_access set name = '' where sanction = of_sanction and name is distinct from '';
      delete from subjects where sanction = of_sanction;
      delete from journals where sanction = of_sanction;
      update ends set texts = null where sanction = of_sanction and texts is distinct from null;
      delete from kept_calls where sanction = of_sanction;
      perform drop_evidence(keyed);
      update sanctions set returned = null, account = '', texts_erased_at = coalesce(texts_erased_at, erased_when) where id = of_sanction;
    end $function$
;
---
alter table ends add column texts boolean default true;
---
update ends set texts = null from sanctions s where s.id = ends.sanction and s.texts_erased_at is not null;
---
alter table checks add column kept boolean default false not null;
---
CREATE INDEX checks_at ON public.checks USING btree (at) WHERE (NOT kept);
---
CREATE INDEX ends_to_empty ON public.ends USING btree (sanction) WHERE ((kind = 'reversed'::text) AND texts);
---
CREATE INDEX events_retokenise ON public.events USING btree (party, at) WHERE (type = 'retokenise-reminder'::text);
---
CREATE INDEX sanctions_to_erase ON public.sanctions USING btree (COALESCE(ended_early_at, amended_until, expires_at)) WHERE (end_recorded AND (erased_at IS NULL));
---
CREATE INDEX sanctions_to_retokenise ON public.sanctions USING btree (epoch, party, id) WHERE ((submitted_at IS NOT NULL) AND (NOT end_recorded));
---
CREATE INDEX sanctions_unended ON public.sanctions USING btree (party, reason, epoch) WHERE (NOT end_recorded);
---
grant UPDATE (kept) on checks to recourse_service;
---
create table seen_0 ();
---
create table seen_1 ();
---
create table seen_2 ();
---
CREATE OR REPLACE FUNCTION public.empty_seen(of_table text, at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET lock_timeout TO '1200ms'
AS $function$
    declare
      seconds bigint := floor(extract(epoch from at));
      turn bigint := seconds / 900;
      tables text[] := array['seen_0', 'seen_1', 'seen_2'];
    begin
      if seconds % 900 >= 620 then
        raise exception 'the next table is in use soon' using errcode = 'check_violation';
      end if;
      if of_table is distinct from tables[1 + (turn + 1) % 3] then
        raise exception 'not the next table' using errcode = 'check_violation';
      end if;
      execute format('truncate %I', of_table);
    end $function$
;
---
alter table seen_0 add column id uuid not null;
---
alter table seen_1 add column id uuid not null;
---
alter table seen_2 add column id uuid not null;
---
alter table seen_0 add constraint seen_0_pkey PRIMARY KEY (id);
---
alter table seen_1 add constraint seen_1_pkey PRIMARY KEY (id);
---
alter table seen_2 add constraint seen_2_pkey PRIMARY KEY (id);
---
grant INSERT on seen_0 to recourse_service;
---
grant INSERT on seen_1 to recourse_service;
---
grant INSERT on seen_2 to recourse_service;
---
grant SELECT on seen_0 to recourse_service;
---
grant SELECT on seen_1 to recourse_service;
---
grant SELECT on seen_2 to recourse_service;
---
revoke execute on function empty_seen(text,timestamp with time zone) from public;
---
grant execute on function empty_seen(text,timestamp with time zone) to recourse_service;
---
create table audit_groups ();
---
CREATE OR REPLACE FUNCTION public.unpack_calls(packed bytea)
 RETURNS TABLE(place integer, kid text, jti text, iss text, op text, req text, res text, status integer, changes integer)
 LANGUAGE plpgsql
 IMMUTABLE STRICT
 SET search_path TO 'public', 'pg_temp'
AS $function$
    declare
      at integer := 1;
      words text[] := '{}';
      said text[];
      size integer;
      taken integer;
    begin
      if get_byte(packed, 0) <> 1 then return; end if;
      place := 0;
      while at < length(packed) loop
        said := '{}';
        for word in 1..4 loop
          size := get_byte(packed, at);
          taken := case when size = 255 then 0 when size >= 200 then size - 184 else size end;
          said := said || case
            when size = 255 then words[word]
            when size >= 200 then rtrim(translate(encode(substring(packed from at + 2 for taken), 'base64'), '+/', '-_'), '=')
            else convert_from(substring(packed from at + 2 for taken), 'UTF8') end;
          at := at + 1 + taken;
        end loop;
        words := said;
        kid := words[1]; jti := words[2]; iss := words[3]; op := words[4];
        req := rtrim(translate(encode(substring(packed from at + 1 for 32), 'base64'), '+/', '-_'), '=');
        res := rtrim(translate(encode(substring(packed from at + 33 for 32), 'base64'), '+/', '-_'), '=');
        status := get_byte(packed, at + 64) * 256 + get_byte(packed, at + 65);
        changes := get_byte(packed, at + 66) * 256 + get_byte(packed, at + 67);
        at := at + 68;
        return next;
        place := place + 1;
      end loop;
    exception when others then return;
    end $function$
;
---
alter table audit_groups add column at timestamp with time zone not null;
---
alter table audit_groups add column entry bytea not null;
---
alter table audit_groups add column calls bytea not null;
---
alter table audit_groups add column op text;
---
alter table audit_groups add column iss text;
---
CREATE INDEX audit_groups_finds ON public.audit_groups USING btree (op, iss, at) WHERE (op IS NOT NULL);
---
create or replace view audited_calls as  SELECT audit.kid,
    audit.jti,
    audit.iss,
    audit.op,
    audit.req,
    audit.res,
    audit.status,
    audit.at,
    audit.entry,
    audit.place,
    NULL::integer AS changes
   FROM audit
UNION ALL
 SELECT c.kid,
    c.jti,
    c.iss,
    c.op,
    c.req,
    c.res,
    c.status,
    g.at,
    rtrim(translate(encode(g.entry, 'base64'::text), '+/'::text, '-_'::text), '='::text) AS entry,
    c.place,
    c.changes
   FROM (audit_groups g
     CROSS JOIN LATERAL unpack_calls(g.calls) c(place, kid, jti, iss, op, req, res, status, changes));
---
grant SELECT on audit_groups to recourse_service;
---
grant SELECT on audited_calls to recourse_service;
---
create table doctor_place ();
---
alter table doctor_place add column singleton boolean default true not null;
---
alter table doctor_place add column basis text not null;
---
alter table doctor_place add column place text not null;
---
alter table doctor_place add column mac bytea not null;
---
alter table doctor_place add constraint doctor_place_pkey PRIMARY KEY (singleton);
---
alter table doctor_place add constraint doctor_place_singleton_check CHECK (singleton);
---
grant DELETE on doctor_place to recourse_service;
---
grant INSERT on doctor_place to recourse_service;
---
grant SELECT on doctor_place to recourse_service;
---
grant UPDATE (basis) on doctor_place to recourse_service;
---
grant UPDATE (place) on doctor_place to recourse_service;
---
grant UPDATE (mac) on doctor_place to recourse_service;
---
drop trigger ledger_state_grows on ledger_state;
---
alter table ledger_state add column taken bigint default 0 not null;
---
alter table ledger_state add column seen bigint default 0 not null;
---
alter table ledger_state add column writers text[] default '{}'::text[] not null;
---
CREATE TRIGGER ledger_state_grows BEFORE UPDATE ON public.ledger_state FOR EACH ROW WHEN (((new.size < old.size) OR (new.epoch <= old.epoch) OR (new.taken < old.taken) OR ((new.size = old.size) AND (new.root IS DISTINCT FROM old.root)))) EXECUTE FUNCTION refuse_shrinking();
---
grant UPDATE (seen) on ledger_state to recourse_service;
---
grant UPDATE (taken) on ledger_state to recourse_service;
---
grant UPDATE (writers) on ledger_state to recourse_service;
---
create table proposed_inputs ();
---
alter table proposed_inputs add column proposal text not null;
---
alter table proposed_inputs add column input jsonb not null;
---
alter table proposed_inputs add column expires_at timestamp with time zone not null;
---
alter table proposed_inputs add constraint proposed_inputs_pkey PRIMARY KEY (proposal);
---
alter table proposed_inputs add constraint proposed_inputs_proposal_fkey FOREIGN KEY (proposal) REFERENCES proposals(id);
---
grant DELETE on proposed_inputs to recourse_service;
---
grant INSERT on proposed_inputs to recourse_service;
---
grant SELECT on proposed_inputs to recourse_service;
---
create table code_mails ();
---
alter table code_mails add column budget bytea not null;
---
alter table code_mails add column since timestamp with time zone not null;
---
alter table code_mails add column sent integer not null;
---
alter table code_mails add constraint code_mails_pkey PRIMARY KEY (budget);
---
alter table code_mails add constraint code_mails_budget_check CHECK ((octet_length(budget) = 32));
---
alter table code_mails add constraint code_mails_sent CHECK (((sent >= 1) AND (sent <= 5)));
---
grant DELETE on code_mails to recourse_service;
---
grant INSERT on code_mails to recourse_service;
---
grant SELECT on code_mails to recourse_service;
---
grant UPDATE (sent) on code_mails to recourse_service;
---
grant UPDATE (since) on code_mails to recourse_service;
---
create table prefix_generations ();
---
alter table prefix_generations add column epoch bigint not null;
---
alter table prefix_generations add column generation integer not null;
---
alter table prefix_generations add column bits integer not null;
---
alter table prefix_counts add column generation integer default 0 not null;
---
alter table prefix_generations add column tokens bigint default 0 not null;
---
alter table prefix_generations add column sanction text default ''::text;
---
alter table prefix_generations add column "position" integer default '-1'::integer;
---
alter table prefix_generations add column revision bigint default 0 not null;
---
alter table prefix_generations add column dropped_to bigint;
---
alter table prefix_generations add constraint prefix_generations_pkey PRIMARY KEY (epoch, generation);
---
alter table prefix_generations add constraint prefix_generations_bits_check CHECK (((bits >= 1) AND (bits <= 32)));
---
alter table prefix_generations add constraint prefix_generations_check CHECK (((sanction IS NULL) = ("position" IS NULL)));
---
alter table prefix_generations add constraint prefix_generations_generation_check CHECK ((generation >= 0));
---
alter table prefix_generations add constraint prefix_generations_tokens_check CHECK ((tokens >= 0));
---
CREATE UNIQUE INDEX prefix_generations_made ON public.prefix_generations USING btree (epoch) WHERE (dropped_to IS NULL);
---
grant DELETE on prefix_generations to recourse_service;
---
grant SELECT on prefix_generations to recourse_service;
---
grant UPDATE (dropped_to) on prefix_generations to recourse_service;
---
grant UPDATE ("position") on prefix_generations to recourse_service;
---
grant UPDATE (revision) on prefix_generations to recourse_service;
---
grant UPDATE (sanction) on prefix_generations to recourse_service;
---
grant UPDATE (tokens) on prefix_generations to recourse_service;
---
create table books ();
---
CREATE OR REPLACE FUNCTION public.assert_book()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
    begin
      if not exists (
        select from keys k where k.kid = new.kid and k.party = new.party and k.role = 'trust'
          and k.revoked_at is null and (k.admin or new.book <> 'names')
      ) then
        raise exception 'a book by nobody who may write it' using errcode = 'check_violation';
      end if;
      if new.version <> (case when tg_op = 'INSERT' then 1 else old.version + 1 end) then
        raise exception 'a book that follows another version' using errcode = 'check_violation';
      end if;
      return new;
    end $function$
;
---
CREATE OR REPLACE FUNCTION public.assert_book_unread()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
    begin
      if exists (
        select from keys k where k.party = old.party and k.role = 'trust' and k.revoked_at is null
      ) then
        raise exception 'a book that somebody reads' using errcode = 'check_violation';
      end if;
      return null;
    end $function$
;
---
alter table books add column party text not null;
---
alter table books add column book text not null;
---
alter table books add column version integer not null;
---
alter table books add column kid text not null;
---
alter table books add column at timestamp with time zone not null;
---
alter table books add column jwe jsonb not null;
---
alter table books add constraint books_pkey PRIMARY KEY (party, book);
---
alter table books add constraint books_book_check CHECK ((book = ANY (ARRAY['names'::text, 'work'::text])));
---
alter table books add constraint books_bounded CHECK ((octet_length((jwe)::text) <= 131072));
---
alter table books add constraint books_kid_party_fkey FOREIGN KEY (kid, party) REFERENCES keys(kid, party);
---
CREATE TRIGGER books_read AFTER DELETE ON public.books FOR EACH ROW EXECUTE FUNCTION assert_book_unread();
---
CREATE TRIGGER books_written BEFORE INSERT OR UPDATE ON public.books FOR EACH ROW EXECUTE FUNCTION assert_book();
---
grant DELETE on books to recourse_service;
---
grant INSERT on books to recourse_service;
---
grant SELECT on books to recourse_service;
---
grant UPDATE (at) on books to recourse_service;
---
grant UPDATE (jwe) on books to recourse_service;
---
grant UPDATE (kid) on books to recourse_service;
---
grant UPDATE (version) on books to recourse_service;
---
create table appeal_proofs ();
---
CREATE OR REPLACE FUNCTION public.guard_appeal_proof()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
    begin
      if not exists (select from sanctions s where s.id = new.sanction and s.proof = new.proof) then
        raise exception 'not what its record rests on' using errcode = 'check_violation';
      end if;
      if new.closed_at is not null and not exists (
        select from appeals a where a.id = new.appeal and a.closed_at = new.closed_at
      ) then raise exception 'closed at another time than its appeal' using errcode = 'check_violation'; end if;
      return new;
    end $function$
;
---
CREATE OR REPLACE FUNCTION public.take_case(of_sanction text, erased_when timestamp with time zone, its_leaf bytea)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
    #variable_conflict use_column
    begin
      delete from case_contacts where sanction = of_sanction;
      perform take_texts(of_sanction, erased_when);
      update erasure_requests set claimant = null where sanction = of_sanction and claimant is distinct from null;
      update erasure_requests set act = null where sanction = of_sanction and act is distinct from null;
      delete from redecisions where sanction = of_sanction;
      update decisions set artefact = '' where sanction = of_sanction and artefact is distinct from '';
      delete from appeal_proofs where sanction = of_sanction;
      delete from appeal_lots where sanction = of_sanction;
      delete from appeal_joins where sanction = of_sanction;
      update appeals set claimant = null where sanction = of_sanction and claimant is distinct from null;
      delete from claimant_ways where sanction = of_sanction;
      delete from case_access where sanction = of_sanction;
      delete from claimants where sanction = of_sanction;
      delete from evidence_commitments where sanction = of_sanction;
      update matches set ref = null where sanction = of_sanction and ref is distinct from null;
      delete from retokenisations where sanction = of_sanction;
      update ends set artefact = null where sanction = of_sanction and artefact is distinct from null;
      delete from case_keys where sanction = of_sanction;
      delete from case_codes where sanction = of_sanction;
      update openings set opening = '' where sanction = of_sanction and opening is distinct from '';
      delete from answers where sanction = of_sanction;
      update checks set ref = null where ref is not null and id in (
        select check_id from matches where sanction = of_sanction)
        and not exists (
          select from matches m join sanctions s on s.id = m.sanction
          where m.check_id = checks.id and s.id <> of_sanction and s.erased_at is null);
      update sanctions set statement = '', evades = null, ref = null, proof = null, amendment = null, commitments = '{}', erased_at = erased_when, erased_leaf = its_leaf where id = of_sanction;
    end $function$
;
---
alter table appeal_proofs add column appeal text not null;
---
alter table appeal_proofs add column sanction text not null;
---
alter table appeal_proofs add column proof text not null;
---
alter table appeal_proofs add column closed_at timestamp with time zone;
---
alter table appeal_proofs add constraint appeal_proofs_pkey PRIMARY KEY (appeal);
---
CREATE INDEX appeal_proofs_of ON public.appeal_proofs USING btree (sanction);
---
CREATE INDEX appeal_proofs_open ON public.appeal_proofs USING btree (proof, COALESCE(closed_at, 'infinity'::timestamp with time zone));
---
alter table appeal_proofs add constraint appeal_proofs_appeal_sanction_fkey FOREIGN KEY (appeal, sanction) REFERENCES appeals(id, sanction);
---
CREATE TRIGGER appeal_proofs_true BEFORE INSERT OR UPDATE ON public.appeal_proofs FOR EACH ROW EXECUTE FUNCTION guard_appeal_proof();
---
grant INSERT on appeal_proofs to recourse_service;
---
grant SELECT on appeal_proofs to recourse_service;
---
grant UPDATE (closed_at) on appeal_proofs to recourse_service;
---
create table contact_looks ();
---
CREATE OR REPLACE FUNCTION public.due_contacts(at timestamp with time zone)
 RETURNS TABLE(claimant text, look_at timestamp with time zone)
 LANGUAGE sql
 STABLE
AS $function$
    select c.claimant, coalesce(l.look_at, '-infinity') from case_contacts c
    left join contact_looks l on l.claimant = c.claimant where coalesce(l.look_at, '-infinity') <= at $function$
;
---
alter table contact_looks add column claimant text not null;
---
alter table contact_looks add column sanction text not null;
---
alter table contact_looks add column look_at timestamp with time zone default '-infinity'::timestamp with time zone not null;
---
alter table contact_looks add constraint contact_looks_pkey PRIMARY KEY (claimant);
---
CREATE INDEX contact_looks_due ON public.contact_looks USING btree (look_at);
---
alter table contact_looks add constraint contact_looks_claimant_fkey FOREIGN KEY (claimant) REFERENCES case_contacts(claimant) ON DELETE CASCADE;
---
grant INSERT on contact_looks to recourse_service;
---
grant SELECT on contact_looks to recourse_service;
---
grant UPDATE (look_at) on contact_looks to recourse_service;
---
create table prefix_leads ();
---
CREATE OR REPLACE FUNCTION public.refuse_other_counts()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
    begin
      if new.generation <> coalesce((select l.generation from prefix_leads l where l.epoch = new.epoch),
        case when exists (select from prefix_leads l where l.epoch = new.epoch) then -1 else 0 end)
        and not exists (
          select from prefix_sets s join prefix_versions v on v.epoch = s.epoch and v.version = s.version
          where s.epoch = new.epoch and age(v.xmin) <= 0)
      then raise exception 'other counts without a version' using errcode = 'check_violation'; end if;
      return new;
    end $function$
;
---
alter table prefix_leads add column epoch bigint not null;
---
alter table prefix_leads add column generation integer;
---
alter table prefix_leads add constraint prefix_leads_pkey PRIMARY KEY (epoch);
---
alter table prefix_leads add constraint prefix_leads_epoch_fkey FOREIGN KEY (epoch) REFERENCES prefix_sets(epoch);
---
CREATE TRIGGER prefix_leads_follow BEFORE INSERT OR UPDATE ON public.prefix_leads FOR EACH ROW EXECUTE FUNCTION refuse_other_counts();
---
grant INSERT on prefix_leads to recourse_service;
---
grant SELECT on prefix_leads to recourse_service;
---
grant UPDATE (generation) on prefix_leads to recourse_service;
