export const journalGuards = [
  // An identifier that was erased after the end, or all of a case, would come back.
  `create function assert_journal_of_live() returns trigger language plpgsql as $$
    begin
      if not exists (select from sanctions s where s.id = new.sanction and not s.end_recorded) then
        raise exception 'a journal of a record that has ended' using errcode = 'check_violation';
      end if;
      return new;
    end $$`,
  `create trigger journals_of_live before insert on journals
    for each row execute function assert_journal_of_live()`,
  // Its author is who holds the key that sent it.
  `create function assert_journal_author() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from keys k join sanctions s on s.party = k.party
        where k.kid = new.kid and k.holder = new.holder and k.role = 'trust' and s.id = new.sanction
      ) then
        raise exception 'a journal of nobody of its platform' using errcode = 'check_violation';
      end if;
      return new;
    end $$`,
  `create trigger journals_author before insert on journals
    for each row execute function assert_journal_author()`,
  // Nobody seals to somebody who left.
  `create function assert_sealing_key_of_trust() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from keys k where k.kid = new.kid and k.role = 'trust' and k.revoked_at is null
      ) then
        raise exception 'a sealing key of no live trust key' using errcode = 'check_violation';
      end if;
      return new;
    end $$`,
  `create trigger sealing_keys_of_trust before insert or update on sealing_keys
    for each row execute function assert_sealing_key_of_trust()`,
];
