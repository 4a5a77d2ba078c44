/**
 * The columns that the life of a record `s` follows from. Every query reads them together, so that none is of another
 * instant. `records/life.rules.ts` says what they mean.
 */

/** Its own columns among what it ends by. */
export const ownEndingColumns = `s.submitted_at, s.draft_lapses_at, s.notice_due_at, s.notified_at, s.expires_at,
  s.amended_until, s.confirmed_at`;

/**
 * True where no relief will be due of an appeal `a`: another was open on the same evidence when its relief began, or
 * was opened before it is due. One other row says so, and none of another record is changed for it.
 */
export const sparesRelief = (appeal: string): string => `(${appeal}.relief_due_at is not null and (
  ${appeal}.together or exists (
    select from appeals other
    where other.beside = coalesce(${appeal}.beside, ${appeal}.id) and other.id <> ${appeal}.id
      and other.opened_at < ${appeal}.relief_due_at and other.opened_at >= (
        select min(j.at) from appeal_joins j where j.appeal = ${appeal}.id and j.ground = 'expression'))))`;

/** The same, until its history says so. */
export const reliefSpared = `(a.relief_decided_at is null and ${sparesRelief('a')})`;

/** How many have the appeal, or decided it, and worked for a platform that was told. */
export const toldReviewers = `(select count(distinct c.holder)::int from assignments c
  where c.review = a.id and coalesce(c.released_as, 'decided') in ('decided', 'closed')
    and worked_for_told(a.sanction, c.holder, c.at))`;

/** How many have the appeal, or decided it, and had decided about its record before. */
export const reviewersAgain = `(select count(distinct c.holder)::int from assignments c
  where c.review = a.id and coalesce(c.released_as, 'decided') in ('decided', 'closed') and exists (
    select from decisions d where d.sanction = a.sanction and d.holder = c.holder
      and d.review <> a.id and d.at <= c.at))`;

/** The columns that say whether it has ended. */
export const endingColumns = `p.left_at, z.before_closes_at as tokens_until,
  e.kind as end_kind, e.cause as end_cause, e.at as end_at,
  a.id as appeal, a.evidence_due_at, a.evidence_lapses_at, a.decision_due_at, a.undecided_at, a.relief_due_at,
  a.relief_decided_at, ${reliefSpared} as relief_spared, a.withdraws_at, a.bound, a.keeps_until,
  i.evidence_due_at as inspection_evidence_due_at, case when i.suspension is not null then i.due_at
    when i.why = 'relay' then i.opened_at end as inspection_examine_by,
  reexamined_until(i.suspension) as inspection_over_at`;

/** The open appeal, and the open inspection, but for one of a cause. */
export const endingJoins = `join parties p on p.id = s.party
  left join rotations z on z.epoch = s.epoch + 1
  left join ends e on e.sanction = s.id
  left join appeals a on a.sanction = s.id and a.closed_at is null
  left join inspections i on i.sanction = s.id and i.closed_at is null and i.why <> 'cause'`;

/** The columns that say what it answers: beside those of its end, the open review of a derived record. */
export const lifeColumns = `${endingColumns}, r.due_at as derived_due_at, k.compromised_since, (
    select coalesce(jsonb_agg(jsonb_build_object('cause', x.cause, 'until', x.until) order by x.since, x.cause), '[]')
    from suspensions x where x.sanction = s.id and x.lifted_at is null) as open_suspensions`;

export const lifeJoins = `${endingJoins}
  left join derived_reviews r on r.derived = s.id and r.confirmed_at is null
  join keys k on k.kid = s.kid`;
