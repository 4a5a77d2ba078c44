/**
 * Who is new to the cases of a suspension: decided none of those that count, and did not vote on what is appealed. Where
 * too few are, those who did so longest ago, or after three days any of them, so that nobody's absence decides.
 */
export const votesAgain = `create function votes_again(of_item text, of_holder text, at timestamptz)
  returns boolean language plpgsql stable as $$
    begin
      return (with asked as (
      select i.party, i.votes, i.about, i.opened_at, o.party as judged, o.opened_at as upto
      from panel_items i join panel_items o on o.id = coalesce(i.about, i.id) where i.id = of_item
    ), acts as (
      select x.holder, max(x.at) as last from (
        select d.holder, d.at from asked q
        cross join lateral counted_appeals(q.judged, q.upto - interval '365 days', q.upto) c
        join decisions d on d.review = c.id
          or d.review = (select u.appeal from inspections u where u.id = c.id)
        union all
        select v.holder, v.at from asked q join panel_votes v on v.item = q.about) x
      group by x.holder
    ), judges as (
      select h.id, t.last from asked q join holders h on h.party = 'panel' left join acts t on t.holder = h.id
      where is_apart(q.party, h.id, votes_again.at)
        and exists (select from keys k where k.holder = h.id and k.revoked_at is null)
    ), missing as (
      select q.votes - (select count(*) from judges where last is null) as n,
        votes_again.at >= q.opened_at + interval '3 days' as late from asked q
    )
    select exists (
      select from judges j, missing m where j.id = of_holder and (j.last is null or m.n > 0 and (m.late
        or m.n >= (select count(*) from judges p where (p.last, p.id) <= (j.last, j.id))))));
    end
  $$`;
