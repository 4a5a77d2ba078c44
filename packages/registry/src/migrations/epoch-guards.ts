import { epochDays } from '@recourse/protocol';

/** One after the other, each of them 90 days or more: two are live at most. */
export const epochGuards = [
  `create function assert_rotation() returns trigger language plpgsql as $$
    begin
      if new.epoch > 2 and not exists (
        select from rotations r where r.epoch = new.epoch - 1
          and new.opens_at >= r.opens_at + interval '${24 * epochDays} hours') then
        raise exception 'too soon after the one before' using errcode = 'check_violation';
      end if;
      return new;
    end $$`,
  `create trigger rotations_in_order before insert on rotations
    for each row execute function assert_rotation()`,
];
