import { lifeColumns, lifeJoins, ownEndingColumns } from '../../schema/life-columns.ts';
import { reasonInSql } from '../../records/store.ts';

/**
 * Every check with a hit runs this, together with those that asked meanwhile: one text, prepared once a connection,
 * compiled by no builder. It reads facts and decides nothing: which record answers is decided by its life. An erased
 * case has no key, and is no record.
 *
 * PostgreSQL keeps a plan where one for these parameters promises nothing more, and making one takes longer than running it.
 * So what a plan could know of them is hidden: how many questions and tokens there are, by JSON and by limits that are no
 * constants (64 is the most that a question has).
 *
 * $1 questions: id of the check, party, `since` (the oldest instant of the check), now, and tokens as lookups in hex with their
 * epochs, in their order.
 */
export const recordsQuery = `
select (o.n - 1)::int as place, c.purpose, c.at as "checkedAt", c.asked, c.elements * c.epochs as evaluated,
  array(select encode(k.lookup, 'hex') from checked_subjects k where k.check_id = c.id) as checked, found.*
from (
  select * from rows from (jsonb_to_recordset($1::jsonb)
    as (id text, party text, since timestamptz, now timestamptz, tokens jsonb))
    with ordinality as t(id, party, since, now, tokens, n) limit (select 64)
) o
join checks c on c.id = o.id and c.party = o.party and c.at >= o.since and c.purpose <> 'vouching'
left join lateral (
  select (q.n - 1)::int as token, u.position, u.kind, u.control, u.epoch::float8 as epoch,
    u.proven_at as "provenAt", u.matches_until as "matchesUntil", u.review_from as "reviewFrom", u.sealed,
    s.id as sanction, s.party, s.statement, ${reasonInSql} as reason, s.version,
    s.evades, coalesce(t.commitments, s.commitments) as commitments,
    t.artefact as "subjectsUpdate", s.amendment, s.prior_match as "priorMatch",
    s.others_from, s.backlogged, s.backlog_over_at, ${ownEndingColumns}, ${lifeColumns},
    a.ground,
    case when a.reason_told then a.opened_at else a.evidence_confirmed_at end as "evidenceConfirmedAt",
    array(select groups_of(s.party, o.now)) as "groups", p.probation_until as "probationUntil", w.wrapped,
    m.id as match, m.advice as "toldAdvice",
    exists (
      select from disclosures d where d.sanction = s.id and d.version = s.version and d.party = c.party
    ) as disclosed
  from (
    select * from rows from (jsonb_to_recordset(o.tokens) as (lookup text, epoch bigint))
      with ordinality as t(lookup, epoch, n) limit (select 64)
  ) q
  join subjects u on u.lookup = decode(q.lookup, 'hex') and u.epoch = q.epoch
    and u.detached_at is null
  join sanctions s on s.id = u.sanction
  join case_keys w on w.sanction = s.id
  left join retokenisations t on t.sanction = u.sanction and t.epoch = u.epoch
  left join matches m on m.check_id = c.id and m.sanction = s.id and m.version = s.version
  ${lifeJoins}
) found on true`;

/**
 * Finds what sanctions evade, through any number of others. Apart from the query above, because few records evade one
 * and the plan of a recursion costs every check. $1 sanctions.
 */
export const evadedQuery = `
select s.id as evader, evaded_records(s.evades) as evaded from sanctions s where s.id = any($1::text[])`;
