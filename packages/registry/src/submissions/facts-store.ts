import type { EndCause, ReasonCode, Registration } from '@recourse/protocol';
import type { Backlog } from '@recourse/protocol/review';
import { CompiledQuery, sql } from 'kysely';
import type { Db } from '../kernel/database.ts';

/** The parameters by which the facts of one submission are looked up. */
export interface FactsParameters {
  readonly party: string;
  readonly now: Date;
  /** The record that is submitted or confirmed */
  readonly sanction: string;
  /** Hash of the code of a new record */
  readonly code: string | null;
  readonly reason: ReasonCode;
  readonly incidentFrom: Date;
  /** The epoch that records are compared under */
  readonly epoch: number;
  readonly lookups: readonly string[];
  /** Hashes in hex that an erased record of the party itself would have left */
  readonly memories: readonly string[];
  /** Commitments to evidence; of a record that may be derived */
  readonly evidence: readonly string[];
  /** From when on it counts that a platform was told */
  readonly toldSince: Date;
  readonly daySince: Date;
  /** Submissions are counted no further */
  readonly most: number;
}

/** An instant as JSON writes it */
type InstantText = string;

export interface FactsRow {
  readonly registration: Registration | null;
  readonly enabled_reasons: ReasonCode[];
  readonly submissions_per_day: number | null;
  readonly objections_until: Date | null;
  readonly active_from: Date | null;
  readonly probation_until: Date | null;
  readonly left_at: Date | null;
  readonly suspended: boolean;
  /** Reviewers who sit on the panel and are independent of the party, counted no further than it takes */
  readonly reviewers: number;
  readonly backlog: Backlog;
  /** The id of the record, or the hash of its code, was there before */
  readonly known: boolean;
  /** Its group, itself among them */
  readonly members: readonly string[];
  /** Other records on its subjects, of any party */
  readonly about: readonly string[];
  readonly remembered: readonly MemoryRow[];
  /** Records of the group without tokens of the epoch; `ended` where one ended no sooner than the incident began */
  readonly behind: readonly { readonly id: string; readonly ended: boolean }[];
  /** Records of other groups with the same evidence, and records that its group was told of */
  readonly sources: readonly string[];
  /** Records of the last day, of a party in probation or without a bucket that operators set */
  readonly spent: number | null;
}

export interface MemoryRow {
  /** Hex */
  readonly hash: string;
  readonly cause: EndCause | null;
  readonly at: InstantText;
}

/** Each is looked up by a key of the one before: see `migrations/keyed.ts`. */
const keyed = sql.raw('offset 0');

/** The lists that the columns of the facts are read from; `source` are the records that a derived one follows. */
const lists = (parameters: FactsParameters) => sql`
  with q as materialized (
    select * from jsonb_to_record(${parameters}::jsonb) as t(party text, now timestamptz, sanction text,
      code text, reason text, "incidentFrom" timestamptz, epoch bigint, lookups jsonb, memories jsonb,
      evidence jsonb, "toldSince" timestamptz, "daySince" timestamptz, most bigint)
  ), subject as materialized (
    select decode(hex, 'hex') as lookup from q, jsonb_array_elements_text(q.lookups) hex
  ), member as materialized (
    select group_members(q.party, q.now) as id from q
  ), met as (
    select m.sanction, m.party from q, subject
    cross join lateral (
      select m.* from subjects j join matches m on m.sanction = j.sanction
      where j.lookup = subject.lookup ${keyed}
    ) m where m.told_at > q."toldSince"
    union
    select m.sanction, m.party from q, subject
    cross join lateral (
      select m.* from checked_subjects c join matches m on m.check_id = c.check_id
      where c.lookup = subject.lookup ${keyed}
    ) m where m.told_at > q."toldSince"
  ), source as (
    select met.sanction from met where met.party in (select id from member)
    union
    select c.sanction from q, jsonb_array_elements_text(q.evidence) item
    cross join lateral (
      select c.sanction from evidence_commitments c where c.commitment = item ${keyed}
    ) c
    where exists (
      select from sanctions s where s.id = c.sanction and s.submitted_at is not null
        and s.party not in (select id from member) ${keyed})
  ), older as (
    select m.id as party, z.epoch - 1 as epoch from q, rotations z, member m where z.epoch <= q.epoch
  ), behind as (
    (select s.id, true as ended from q, older o
    cross join lateral (
      select s.id from sanctions s
      where s.party = o.party and s.reason = q.reason and s.epoch = o.epoch
        and s.ended_early_at >= q."incidentFrom" and s.texts_erased_at is null limit 1
    ) s limit 1)
    union all
    (select s.id, false from q, older o
    cross join lateral (
      select s.id from sanctions s
      where s.party = o.party and s.reason = q.reason and s.epoch = o.epoch
        and s.submitted_at is not null and not s.end_recorded and s.texts_erased_at is null limit 1000
    ) s limit 1000)
  )`;

/**
 * All that a submission is judged by. It comes after the locks, in a statement of its own: one that waited for a lock
 * would read what was there before. Lists travel as JSON, so that PostgreSQL keeps one plan.
 */
const facts = (parameters: FactsParameters) => sql<FactsRow>`
  ${lists(parameters)}
  select p.registration, p.enabled_reasons, p.submissions_per_day, p.objections_until, p.active_from,
    p.probation_until, p.left_at, u.suspended, r.reviewers,
    jsonb_build_object('waiting', b.waiting, 'decidedIn30Days', b.decided, 'isAsked', b.asked) as backlog,
    exists (select from sanctions where id = q.sanction)
      or exists (select from case_codes where hash = q.code) as known,
    array(select id from member order by id) as members,
    array(select distinct j.sanction from subject
      cross join lateral (select j.sanction from subjects j where j.lookup = subject.lookup ${keyed}) j
      where j.sanction <> q.sanction) as about,
    (select coalesce(jsonb_agg(jsonb_build_object('hash', encode(m.hash, 'hex'), 'cause', m.cause, 'at', m.at)), '[]')
      from jsonb_array_elements_text(q.memories) hex
      join remembered m on m.hash = decode(hex, 'hex') and m.until > q.now) as remembered,
    (select coalesce(jsonb_agg(behind order by ended desc), '[]') from behind) as behind,
    array(select sanction from source order by sanction) as sources,
    case when p.submissions_per_day is null or p.probation_until > q.now then (
      select count(*)::int from (select from sanctions
        where party = q.party and submitted_at > q."daySince" limit q.most) spent
    ) end as spent
  from q cross join lateral (select * from parties p where p.id = q.party ${keyed}) p
    cross join lateral is_suspended(p.id, q.now) as u(suspended)
    cross join lateral reviewers_of(p.id, q.now) as r(reviewers)
    cross join lateral backlog_of(p.id, q.now) b`;

let text: string | undefined;

/** It is written once: only the parameters differ. */
export function factsQuery(db: Db, parameters: FactsParameters): CompiledQuery<FactsRow> {
  text ??= facts(parameters).compile(db).sql;
  return CompiledQuery.raw(text, [parameters]);
}
