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
  // Names are written by an admin: else somebody would write a name for a key of another. Each version follows the one
  // that its author read, so that of two at once none is lost.
  `create function assert_book() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from keys k where k.kid = new.kid and k.party = new.party and k.role = 'trust'
          and k.revoked_at is null and (k.admin or new.book <> 'names')
      ) then
        raise exception 'a book by nobody who may write it' using errcode = 'check_violation';
      end if;
      if new.version <> (case when tg_op = 'INSERT' then 1 else old.version + 1 end) then
        raise exception 'a book that follows another version' using errcode = 'check_violation';
      end if;
      return new;
    end $$`,
  `create trigger books_written before insert or update on books
    for each row execute function assert_book()`,
  `create function assert_book_unread() returns trigger language plpgsql as $$
    begin
      if exists (
        select from keys k where k.party = old.party and k.role = 'trust' and k.revoked_at is null
      ) then
        raise exception 'a book that somebody reads' using errcode = 'check_violation';
      end if;
      return null;
    end $$`,
  `create trigger books_read after delete on books
    for each row execute function assert_book_unread()`,
];
