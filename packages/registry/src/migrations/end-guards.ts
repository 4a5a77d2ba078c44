/** When a record ended early stands in the row of its end and in its own: each is written with the other. */
export const endGuards = [
  `create function assert_ended_early() returns trigger language plpgsql as $$
    begin
      if exists (
        select from sanctions s left join ends e on e.sanction = s.id
        where s.id = to_jsonb(new) ->> tg_argv[0] and s.ended_early_at is distinct from e.at
      ) then
        raise exception 'ended at another time' using errcode = 'check_violation';
      end if;
      return null;
    end $$`,
  `create trigger ends_as_record after insert on ends
    for each row execute function assert_ended_early('sanction')`,
  `create trigger sanctions_as_end after update of ended_early_at on sanctions
    for each row execute function assert_ended_early('id')`,
  `create trigger sanctions_inserted_as_end after insert on sanctions
    for each row when (new.ended_early_at is not null) execute function assert_ended_early('id')`,
];
