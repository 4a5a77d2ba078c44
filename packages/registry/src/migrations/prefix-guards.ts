/** A version comes once, after all before it. Other counts come with a version, or none do. */
export const prefixGuards = [
  `create trigger prefix_sets_grow before update on prefix_sets for each row
    when (new.version < old.version
      or (new.version = old.version and (new.bits, new.as_of) is distinct from (old.bits, old.as_of))
      or (new.version = old.version and new.generation <> coalesce(old.generation, -1)))
    execute function refuse_shrinking()`,
  `create function refuse_other_version() returns trigger language plpgsql as $$
    begin
      if not exists (select from prefix_sets s
        where s.epoch = new.epoch and s.version = new.version and s.bits = new.bits) then
        raise exception 'not the version of its set' using errcode = 'check_violation';
      end if;
      return null;
    end $$`,
  `create trigger prefix_versions_in_order after insert on prefix_versions
    for each row execute function refuse_other_version()`,
];
