import type { Law } from './law.ts';

/** What the database refuses and no rule foresaw: a constraint that protects somebody is the last to notice. */
export const faults: Law = async ({ act, came }) =>
  came.code === 'internal' || came.code === 'audit-unavailable'
    ? { law: 'faults', kind: act.op, what: `${act.by} was answered ${came.code} by ${act.op}` }
    : undefined;
