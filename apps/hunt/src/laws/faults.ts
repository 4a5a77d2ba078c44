import type { Law } from './law.ts';

const unforeseen = new Set(['internal', 'audit-unavailable']);

/** What the database refuses and no rule foresaw: a constraint that protects somebody is the last to notice. */
export const faults: Law = async ({ act, came }) =>
  unforeseen.has(came.code) || came.code.startsWith('settle/')
    ? { law: 'faults', kind: act.op, what: `${act.by} was answered ${came.code} by ${act.op}` }
    : undefined;
