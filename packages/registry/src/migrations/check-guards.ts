import { refuse } from './refuse.ts';

/**
 * Marks are added, and forgotten all at once: after that nothing is asked under the check any more. What clears them to ask
 * again is refused.
 */
export const checkGuards = [
  `create function guard_asked() returns trigger language plpgsql as $$
    begin
      raise exception 'what was asked is not taken back' using errcode = 'check_violation';
    end $$`,
  `create trigger checks_asked before update of asked on checks for each row
    when (old.asked is not null and new.asked is distinct from '{}'
      and (old.asked = '{}' or (new.asked @> old.asked) is not true))
    execute function guard_asked()`,
  // By a ticket of the platform that was told: one that was used, about a record that was there before it.
  `create function guard_vouching() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from tickets k join sanctions s on s.id = new.sanction and s.submitted_at <= k.at
        where k.check_id = new.check_id and k.party = new.party and k.used_at is not null
      ) then ${refuse('told without a ticket')} end if;
      return new;
    end $$`,
  `create trigger matches_vouching before insert on matches
    for each row when (new.purpose = 'vouching') execute function guard_vouching()`,
];
