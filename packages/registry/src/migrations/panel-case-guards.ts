import { refuse } from './refuse.ts';

const guard = (name: string, unless: string, why: string): string =>
  `create function guard_${name}() returns trigger language plpgsql as $$
  begin
    if not (${unless}) then
      ${refuse(why)}
    end if;
    return new;
  end $$`;

/** A platform challenges what it was told of, or recorded; the answer tells it of nothing else. */
const challenge = guard(
  'challenge',
  `exists (
    select from sanctions s join subjects u on u.sanction = s.id
    where s.id = new.sanction and u.position = new.position
      and u.detached_at is null and u.proven_at < new.changed_at
      and (s.party = new.by_party or exists (
        select from disclosures d where d.sanction = s.id and d.party = new.by_party)))`,
  'not of a record that it knows',
);

/** A subject leaves a record by a decision. */
const detach = guard(
  'detach',
  `exists (select from appeals a where a.sanction = new.sanction and a.outcome = 'amended')
    or exists (
      select from challenges c join panel_items i on i.id = c.item
      where c.sanction = new.sanction and c.position = new.position and i.outcome = 'detach')`,
  'nobody decided that',
);

/** A record outlives the membership of its submitter only where a reviewer examined it after that. */
const confirmed = guard(
  'confirmed',
  `exists (
    select from inspections u join parties p on p.id = new.party
    where u.sanction = new.id and u.outcome = 'passed' and p.left_at <= u.closed_at)`,
  'the panel confirms',
);

/** What the panel decided about a registration is what its item says. */
const admission = guard(
  'admission',
  `exists (
    select from panel_items i
    where i.id = new.item and i.party = new.party and i.kind = 'admission'
      and new.outcome = case i.outcome when 'admit' then 'admitted' when 'refuse' then 'refused' end)`,
  'the panel admits',
);

const before = (table: string, guard: { when: string; run: string; if?: string }): string =>
  `create trigger ${table}_${guard.run} before ${guard.when} on ${table}
    for each row ${guard.if ? `when (${guard.if})` : ''} execute function guard_${guard.run}()`;

export const panelCaseGuards = [
  challenge,
  detach,
  confirmed,
  admission,
  before('challenges', { when: 'insert', run: 'challenge' }),
  before('subjects', {
    when: 'update of detached_at',
    run: 'detach',
    if: 'new.detached_at is not null',
  }),
  before('sanctions', {
    when: 'insert or update of confirmed_at',
    run: 'confirmed',
    if: 'new.confirmed_at is not null',
  }),
  before('admissions', { when: 'insert', run: 'admission' }),
  `create trigger challenges_final before update on challenges
    for each row when (old.closed_at is not null) execute function refuse_change()`,
];
