import { refuse } from './refuse.ts';

/** A version comes once, after all before it. Other counts come with a version, or none do. */
export const prefixGuards = [
  `create trigger prefix_sets_grow before update on prefix_sets for each row
    when (new.version < old.version
      or (new.version = old.version and (new.bits, new.as_of) is distinct from (old.bits, old.as_of)))
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
  // A version of this transaction, of which a savepoint has a later number.
  `create function refuse_other_counts() returns trigger language plpgsql as $$
    begin
      if new.generation <> coalesce((select l.generation from prefix_leads l where l.epoch = new.epoch),
        case when exists (select from prefix_leads l where l.epoch = new.epoch) then -1 else 0 end)
        and not exists (
          select from prefix_sets s join prefix_versions v on v.epoch = s.epoch and v.version = s.version
          where s.epoch = new.epoch and age(v.xmin) <= 0)
      then ${refuse('other counts without a version')} end if;
      return new;
    end $$`,
  `create trigger prefix_leads_follow before insert or update on prefix_leads
    for each row execute function refuse_other_counts()`,
];
