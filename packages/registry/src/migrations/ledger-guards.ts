import { base64url } from './base64url.ts';

/** What was logged stays logged, whoever changes the row; the owner of the schema is bound by nothing here. */
export const ledgerGuards = [
  `create function refuse_shrinking() returns trigger language plpgsql as $$
    begin
      raise exception '% only grows', tg_table_name using errcode = 'check_violation';
    end $$`,
  `create trigger ledger_tiles_grow before update on ledger_tiles for each row
    when (substring(new.hashes for octet_length(old.hashes)) is distinct from old.hashes)
    execute function refuse_shrinking()`,
  `create trigger ledger_state_grows before update on ledger_state for each row
    when (new.size < old.size or new.epoch <= old.epoch or new.taken < old.taken
      or (new.size = old.size and new.root is distinct from old.root))
    execute function refuse_shrinking()`,
  `create trigger ledger_recoveries_grow before update on ledger_recoveries for each row
    when (new.applied < old.applied or old.finished_at is not null) execute function refuse_shrinking()`,
  // A log that cosigns itself is no witness. Its thumbprint (RFC 7638) is what the database knows of its key.
  `create function refuse_log_key() returns trigger language plpgsql as $$
    declare
      x text := ${base64url('new.public_key')};
      jwk text := '{"crv":"Ed25519","kty":"OKP","x":"' || x || '"}';
      kid text := ${base64url(`sha256(convert_to(jwk, 'UTF8'))`)};
    begin
      if exists (select from registry_facts f where f.name = 'log-key' and f.value = kid) then
        raise exception 'the log is no witness of itself' using errcode = 'check_violation';
      end if;
      return null;
    end $$`,
  // After the row is made: only then is the generated column there.
  `create trigger witnesses_are_others after insert on witnesses for each row execute function refuse_log_key()`,
];
