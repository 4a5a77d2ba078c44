import { reasonCodes, reasons } from '@recourse/protocol';
import { mostTogether } from '@recourse/protocol/review';
import { quoted } from '../schema/quoted.ts';
import { among, keyed } from './keyed.ts';
import { refuse } from './refuse.ts';

const floorClasses = reasonCodes
  .map((code) => {
    const classes = new Set(reasons[code].proofFloor.flat().map((line) => line.class));
    return `when '${code}' then array[${quoted([...classes])}]`;
  })
  .join('\n          ');

/** What a record rests on: its evidence of the classes that the floor of its reason names, as one hash. */
const proof = [
  // The payload of a statement, as its signature covers it. What is no JWS was signed by nobody.
  `create function evidence_in(statement text) returns jsonb language sql immutable strict as $$
    select convert_from(
      decode(rpad(payload, (length(payload) + 3) / 4 * 4, '='), 'base64'), 'utf8')::jsonb -> 'evidence'
    from translate(split_part(statement, '.', 2), '-_', '+/') payload
    where statement ~ '^[\\w-]+\\.[\\w-]+\\.[\\w-]+$'
  $$`,
  // As `proofOf` of the submission, which writes it.
  `create function proof_of(reason text, evidence jsonb) returns text language sql immutable as $$
    select encode(sha256(convert_to(string_agg(commitment, ',' order by commitment collate "C"), 'utf8')), 'hex')
    from (
      select distinct item ->> 'commitment' as commitment from jsonb_array_elements(evidence) item
      where item ->> 'class' = any(case reason
        ${floorClasses} end)) as named
  $$`,
  // After the statement, which writes what it commits to as well.
  `create function assert_evidence() returns trigger language plpgsql as $$
    declare
      evidence jsonb := evidence_in(new.statement);
    begin
      if new.proof is distinct from proof_of(new.reason, evidence) then
        raise exception 'not what it rests on' using errcode = 'check_violation';
      end if;
      if array(select c.commitment from evidence_commitments c where c.sanction = new.id order by 1)
        <> array(select distinct item ->> 'commitment' from jsonb_array_elements(evidence) item order by 1) then
        raise exception 'not what it commits to' using errcode = 'check_violation';
      end if;
      return null;
    end $$`,
  `create trigger sanctions_evidence after insert on sanctions
    for each row execute function assert_evidence()`,
  // Who opens an appeal looks for others on its evidence after whoever came before.
  `create function lock_evidence(of_proof text) returns void language sql as $$
    select pg_advisory_xact_lock(hashtextextended('proof ' || of_proof, 0))
  $$`,
  // Open, or closed since an instant. A server of 0.1.0 closes an appeal and leaves what it rests on as it was.
  `create function open_on_same_evidence(of_sanction text, at timestamptz, since timestamptz default 'infinity')
    returns setof text language sql stable as $$
    select p.appeal from sanctions mine
    cross join lateral (
      select p.appeal, p.sanction from appeal_proofs p
      where p.proof = mine.proof and coalesce(p.closed_at, 'infinity') >= since ${keyed}) p
    cross join lateral (
      select from appeals a where a.id = p.appeal and coalesce(a.closed_at, 'infinity') >= since ${keyed}) a
    cross join lateral (select s.party from sanctions s where s.id = p.sanction ${keyed}) s
    where mine.id = of_sanction and p.sanction <> mine.id and ${among('s.party', 'group_members(mine.party, at)')}
  $$`,
  `create function guard_appeal_proof() returns trigger language plpgsql as $$
    begin
      if not exists (select from sanctions s where s.id = new.sanction and s.proof = new.proof) then
        ${refuse('not what its record rests on')}
      end if;
      if new.closed_at is not null and not exists (
        select from appeals a where a.id = new.appeal and a.closed_at = new.closed_at
      ) then ${refuse('closed at another time than its appeal')} end if;
      return new;
    end $$`,
  `create trigger appeal_proofs_true before insert or update on appeal_proofs
    for each row execute function guard_appeal_proof()`,
  // After the statement, which writes both.
  `create function assert_appeal_proof() returns trigger language plpgsql as $$
    begin
      if exists (select from sanctions s where s.id = new.sanction and s.proof is not null)
        and not exists (select from appeal_proofs p where p.appeal = new.id)
      then ${refuse('an appeal that says not what it is about')} end if;
      return null;
    end $$`,
  `create trigger appeals_on_evidence after insert on appeals
    for each row when (new.closed_at is null) execute function assert_appeal_proof()`,
];

/** Of one assignment are a first appeal and others on the same evidence, given to one reviewer at one time. */
const together = [
  `create function assign_together() returns trigger language plpgsql as $$
    begin
      if new.batch <> new.review and not exists (
        select from assignments head
        where head.review = new.batch and head.batch = head.review and head.holder = new.holder and head.at = new.at
          and new.review in (select open_on_same_evidence(head.sanction, new.at))
          and (select count(*) from assignments c
            where c.batch = new.batch and c.holder = new.holder) < ${mostTogether})
      then
        raise exception 'not of this assignment' using errcode = 'check_violation';
      end if;
      return new;
    end $$`,
  `create trigger assignments_together before insert on assignments
    for each row execute function assign_together()`,
  // A key is of one assignment of one reviewer: who loses it loses no other.
  `create function assignment_key_of_one() returns trigger language plpgsql as $$
    begin
      perform pg_advisory_xact_lock(hashtextextended('sealing key ' || new.sealing_kid, 0));
      if exists (select from assignments c where c.sealing_kid = new.sealing_kid
        and (c.batch <> new.batch or c.holder <> new.holder)) then
        raise exception 'the key of another assignment' using errcode = 'unique_violation';
      end if;
      return new;
    end $$`,
  `create trigger assignments_with_key before insert or update of sealing_kid on assignments
    for each row when (new.sealing_kid is not null) execute function assignment_key_of_one()`,
];

/** Bytes are there as long as the delivery of an open appeal has their key: whoever empties one drops them. */
const evidence = [
  `create function assert_dropped() returns trigger language plpgsql as $$
    begin
      if exists (
        select from sealed_evidence e where e.id = old.evidence and not exists (
          select from deliveries d where d.evidence = e.id and d.sealed is not null)
      ) then
        raise exception 'kept without a key' using errcode = 'check_violation';
      end if;
      return null;
    end $$`,
  // At the commit: what erases a case empties the deliveries first.
  `create constraint trigger deliveries_dropped after update of sealed on deliveries deferrable initially deferred
    for each row when (old.sealed is not null and new.sealed is null) execute function assert_dropped()`,
];

export const batchGuards: string[] = [...proof, ...together, ...evidence];
