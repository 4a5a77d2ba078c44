import { confirmedCauses } from '@recourse/protocol';
import { leastReviewers, speechDays } from '../schema/figures.ts';
import { among, keyed } from './keyed.ts';
import { quoted } from '../schema/quoted.ts';

/** Decided by the appeals against a party: nobody votes who decided one of them. */
const judgedByCases = ['party-suspension', 'inquiry', 'suspension-appeal', 'strikes'];

/** Those of nobody's pay: neither of the party nor of a platform of its group, and sitting. */
const holdersApart = `from holders h
      where h.party = 'panel' and h.removed_at is null
        and (h.term_until is null or h.term_until > at)
        and not exists (
          select from affiliations a
          where a.holder = h.id and (a.until is null or a.until > at - interval '24 months')
            and ${among('a.party', 'group_members(of_party, at)')} ${keyed})`;

/** Whether a reviewer sits, and worked in the 24 months before `at` neither for a party nor for its group. */
export const apart = `create function is_apart(of_party text, of_holder text, at timestamptz)
  returns boolean language sql stable as $$
    select exists (select ${holdersApart} and h.id = of_holder)
  $$`;

/** Who named a cause that brought a question about speech, or the suspension that is appealed. */
const namedCause = `create function named_cause(of_item text, of_holder text)
  returns boolean language sql stable as $$
    select exists (
      select from panel_items i join panel_items asked on asked.id = coalesce(i.about, i.id)
      join decisions d on d.holder = of_holder and d.cause in (${quoted(confirmedCauses)})
        and d.at <= asked.opened_at and d.at > asked.opened_at - interval '${speechDays} days'
      join sanctions s on s.id = d.sanction
      where i.id = of_item and asked.kind = 'speech'
        and s.party in (select group_members(asked.party, asked.opened_at)))
  $$`;

/**
 * Who may vote: apart from the party; on a suspension nobody who decided one of the cases that count, or voted before; on
 * speech nobody who named the cause, as long as enough others are there. On a registration once its window is over, and
 * apart from those who objected; on a group so, and apart from the platforms of that group; on a challenge apart from who
 * makes it.
 */
const mayVote = `create function may_vote(of_item text, of_holder text, at timestamptz)
  returns boolean language sql stable as $$
    select exists (
      select from panel_items i
      where i.id = of_item and i.closed_at is null
        and (i.kind = 'admission' or i.due_at > at)
        and is_apart(i.party, of_holder, at)
        and (i.sanction is null or is_independent(i.sanction, of_holder, at)
          and is_new_to(i.sanction, of_holder, i.id))
        and (i.kind not in (${quoted(judgedByCases)}) or votes_again(i.id, of_holder, may_vote.at))
        and (i.kind <> 'admission' or (
          exists (select from parties p where p.id = i.party and p.objections_until <= at)
          and not exists (select from objections o
            where o.party = i.party and not is_apart(o.by_party, of_holder, at))))
        and (not named_cause(i.id, of_holder) or i.votes > (
          select count(*) from holders h
          where h.party = 'panel' and is_apart(i.party, h.id, at) and not named_cause(i.id, h.id)))
        and not exists (select from party_groups g
          where g.item = i.id and (not is_apart(g.by_party, of_holder, at) or exists (
            select from party_groups theirs where theirs.group_name = g.group_name
              and theirs.item is null and not is_apart(theirs.party, of_holder, at))))
        and not exists (select from challenges c
          where c.item = i.id and not is_apart(c.by_party, of_holder, at))
    )
  $$`;

/**
 * Reviewers who have a key and are apart from a party: so many could hear an appeal on its records. They are counted no
 * further than it takes.
 */
const reviewers = [
  `create function reviewers_of(of_party text, at timestamptz)
  returns setof integer language sql stable as $$
    select count(*)::int from (
      select ${holdersApart}
        and exists (select from keys k where k.holder = h.id and k.revoked_at is null ${keyed})
      limit ${leastReviewers}) enough
  $$`,
];

/** Where nobody could hear an appeal nothing new is recorded, whoever writes the row. */
const heard = [
  `create function refuse_unheard() returns trigger language plpgsql as $$
    begin
      if (select r.n from reviewers_of(new.party, new.submitted_at) as r(n)) < ${leastReviewers} then
        raise exception 'too few reviewers are independent of its submitter' using errcode = 'check_violation';
      end if;
      return null;
    end $$`,
  `create trigger sanctions_heard after insert or update of submitted_at on sanctions
    for each row when (new.submitted_at is not null) execute function refuse_unheard()`,
];

/** Who may sit on what, in the order in which the functions need each other. */
export const panelSeats: readonly string[] = [namedCause, mayVote, ...reviewers, ...heard];
