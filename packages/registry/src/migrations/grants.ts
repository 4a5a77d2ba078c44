import { granting } from '../schema/ddl.ts';
import { tables } from '../schema/tables.ts';

/** The role that servers connect as. It creates nothing, and changes only what a rule lets change. */
export const serviceRole = 'recourse_service';

/** A server looks at a start which steps of the schema there are. */
const seesVersion = `grant select on kysely_migration to ${serviceRole}`;

const seesViews = `grant select on open_reviews, suspended_until, audited_calls to ${serviceRole}`;

export const grants = [
  `do $$ begin if not exists (select from pg_roles where rolname = '${serviceRole}')
    then create role ${serviceRole} nologin; end if; end $$`,
  `grant usage on schema public to ${serviceRole}`,
  ...tables.flatMap((table) => granting(table, serviceRole)),
  seesVersion,
  seesViews,
];
