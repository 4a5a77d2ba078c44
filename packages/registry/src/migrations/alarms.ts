import { alarmQueue } from '../scheduler/alarm-queue.ts';

/** Rows that start a clock: at these instants something falls due of the kind and the id. */
interface Clock {
  readonly table: string;
  /** Of the trigger, where a table has two of them */
  readonly name?: string;
  /** A name of `dueKinds` */
  readonly kind: string;
  /** The column with the id that the kind settles by */
  readonly id: string;
  readonly at: readonly string[];
  /** Many rows of one id: an alarm for those of each hour, at its end */
  readonly hourly?: true;
}

/**
 * Every alarm is set by the row that causes it, in its transaction, whoever writes it. Expiry has none: it may be
 * years away, nobody has to act on it, and the sweep writes it down.
 */
export const clocks: readonly Clock[] = [
  {
    table: 'sanctions',
    kind: 'sanctions',
    id: 'id',
    at: ['draft_lapses_at', 'notice_due_at', 'visible_from'],
  },
  {
    table: 'appeals',
    kind: 'sanctions',
    id: 'sanction',
    at: [
      'evidence_due_at',
      'evidence_lapses_at',
      'decision_due_at',
      'undecided_at',
      'withdraws_at',
      'relief_due_at',
      'keeps_until',
    ],
  },
  { table: 'case_contacts', kind: 'contacts', id: 'sanction', at: ['confirm_by', 'retry_at'] },
  { table: 'notice_deliveries', kind: 'notices', id: 'sanction', at: ['retry_at', 'expires_at'] },
  { table: 'echo_reviews', kind: 'sanctions', id: 'echo', at: ['due_at', 'ends_at'] },
  {
    table: 'inspections',
    kind: 'sanctions',
    id: 'sanction',
    at: ['evidence_due_at', 'examine_by'],
  },
  {
    table: 'inspections',
    name: 'inspections_deadlines',
    kind: 'inspectionDeadlines',
    id: 'id',
    at: ['due_at'],
  },
  { table: 'panel_items', kind: 'panelDeadlines', id: 'id', at: ['due_at'] },
  { table: 'rotations', kind: 'sanctions', id: 'epoch::text', at: ['before_closes_at'] },
  { table: 'suspensions', kind: 'sanctions', id: 'sanction', at: ['until'] },
  { table: 'recalls', kind: 'recalls', id: 'sanction', at: ['due_at'] },
  { table: 'authority_demands', kind: 'delayedDemands', id: 'id', at: ['publish_at'] },
  { table: 'matches', kind: 'outcomes', id: 'party', at: ['due_at'], hourly: true },
];

/**
 * One alarm for one instant of one id, however often it is set. It carries nothing else, and is not thrown away
 * unrung: `keep_until` is when pg-boss would.
 */
const setAlarms = `create function set_alarms(kind text, id text, instants timestamptz[])
  returns void language sql as $$
    insert into pgboss.job (id, name, data, start_after, keep_until,
      retry_limit, retry_delay, retry_backoff, retry_delay_max)
    select md5(concat_ws(' ', kind, id, extract(epoch from at)))::uuid, '${alarmQueue}',
      jsonb_build_object('kind', kind, 'id', id), at, 'infinity', 8, 30, true, 3600
    from unnest(instants) at where at is not null
    on conflict do nothing
  $$`;

function clock({ table, name = `${table}_alarms`, kind, id, at, hourly }: Clock): string[] {
  const instants = at.map((column) =>
    hourly ? `date_trunc('hour', new.${column}) + interval '1 hour'` : `new.${column}`,
  );
  return [
    `create function ${name}() returns trigger language plpgsql as $$
      begin
        perform set_alarms('${kind}', new.${id}, array[${instants.join(', ')}]);
        return null;
      end $$`,
    `create trigger ${name} after insert or update of ${at.join(', ')} on ${table}
      for each row execute function ${name}()`,
  ];
}

/** What a server does with alarms: it sets, rings and throws away. It neither makes queues nor sees anything else of pg-boss. */
const rights = (role: string): string[] => [
  `grant usage on schema pgboss to ${role}`,
  `grant select, insert, update, delete on pgboss.job, pgboss.job_common to ${role}`,
  `grant select, update on pgboss.queue, pgboss.version to ${role}`,
  // Its upkeep looks there for what belongs to jobs that it throws away; an alarm has neither.
  `grant select, delete on pgboss.job_dependency to ${role}`,
  `grant select, update, delete on pgboss.instance to ${role}`,
];

export const alarms = (role: string): string[] => [
  setAlarms,
  ...clocks.flatMap(clock),
  ...rights(role),
];
