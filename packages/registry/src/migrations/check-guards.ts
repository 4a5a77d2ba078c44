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
];
