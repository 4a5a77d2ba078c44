import { base64url } from './base64url.ts';

/**
 * Reads the calls of a group (`commit/packed-calls.ts` says how they are packed). Bytes that are not of that form end it:
 * the doctor then finds places that are empty.
 */
const unpack = `create function unpack_calls(packed bytea)
  returns table(place integer, kid text, jti text, iss text, op text, req text, res text, status integer, changes integer)
  language plpgsql immutable strict set search_path = public, pg_temp as $$
    declare
      at integer := 1;
      words text[] := '{}';
      said text[];
      size integer;
      taken integer;
    begin
      if get_byte(packed, 0) <> 1 then return; end if;
      place := 0;
      while at < length(packed) loop
        said := '{}';
        for word in 1..4 loop
          size := get_byte(packed, at);
          taken := case when size = 255 then 0 when size >= 200 then size - 184 else size end;
          said := said || case
            when size = 255 then words[word]
            when size >= 200 then ${base64url('substring(packed from at + 2 for taken)')}
            else convert_from(substring(packed from at + 2 for taken), 'UTF8') end;
          at := at + 1 + taken;
        end loop;
        words := said;
        kid := words[1]; jti := words[2]; iss := words[3]; op := words[4];
        req := ${base64url('substring(packed from at + 1 for 32)')};
        res := ${base64url('substring(packed from at + 33 for 32)')};
        status := get_byte(packed, at + 64) * 256 + get_byte(packed, at + 65);
        changes := get_byte(packed, at + 66) * 256 + get_byte(packed, at + 67);
        at := at + 68;
        return next;
        place := place + 1;
      end loop;
    exception when others then return;
    end $$`;

/** Each call of the audit, whichever release wrote it. */
const view = `create view audited_calls as
  select kid, jti, iss, op, req, res, status, at, entry, place, null::integer as changes from audit
  union all
  select c.kid, c.jti, c.iss, c.op, c.req, c.res, c.status, g.at,
    ${base64url('g.entry')}, c.place, c.changes
  from audit_groups g cross join lateral unpack_calls(g.calls) c`;

export const auditGroups = [unpack, view];
