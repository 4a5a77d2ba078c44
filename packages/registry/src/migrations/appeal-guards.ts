import { owesRelief, reasonCodes, reasons, unsignedActDays } from '@recourse/protocol';
import { sparesRelief } from '../schema/life-columns.ts';
import { monthsAfterIncident } from '../schema/code-functions.ts';
import { quoted } from '../schema/quoted.ts';
import { refuse } from './refuse.ts';
import { serialGuards } from './serial-guards.ts';

/** What was decided, closed, given back or destroyed stays so, whoever changes the row. */
const final = (
  table: string,
  { name, columns, when }: { columns: string; when: string; name?: string },
): string => `create trigger ${name ?? `${table}_final`} before update of ${columns} on ${table}
  for each row when (${when}) execute function refuse_change()`;

const speechCodes = reasonCodes.filter((code) => reasons[code].speechAdjacent);
const relievedCodes = reasonCodes.filter((reason) => owesRelief({ ground: 'expression', reason }));

/**
 * What is speech follows from ground and code, whoever writes the row; with it the relief that is owed, and whether another
 * appeal on the same evidence spares it. One opens after the other, or neither of two would know of the other. One that
 * was closed a moment ago may have been open when it was looked for.
 */
const speech = [
  `create function guard_speech() returns trigger language plpgsql as $$
    declare
      code text; of_proof text;
      begun timestamptz := coalesce((
        select min(j.at) from appeal_joins j where j.appeal = new.id and j.ground = 'expression'), new.opened_at);
      said boolean := new.ground = 'expression' or exists (
        select from appeal_joins j where j.appeal = new.id and j.ground = 'expression');
      relieved boolean; open_now boolean; lately boolean;
    begin
      select coalesce(s.amended_reason, s.reason), s.proof into code, of_proof from sanctions s where s.id = new.sanction;
      relieved := said and code in (${quoted(relievedCodes)});
      if new.speech <> (said and code in (${quoted(speechCodes)})) then
        ${refuse('what is speech follows from ground and reason')}
      end if;
      if (new.relief_due_at is not null) <> relieved then
        ${refuse('relief is owed of speech alone')}
      end if;
      if tg_op = 'UPDATE' and (not relieved or old.relief_due_at is not null) then
        if new.together <> old.together then ${refuse('relief began before')} end if;
        return new;
      end if;
      if of_proof is not null then perform lock_evidence(of_proof); end if;
      open_now := exists (select open_on_same_evidence(new.sanction, new.opened_at));
      lately := open_now or exists (
        select open_on_same_evidence(new.sanction, new.opened_at, begun - interval '1 minute'));
      if new.together and not (relieved and lately) or relieved and open_now and not new.together then
        ${refuse('relief is spared beside another appeal alone')}
      end if;
      if tg_op = 'INSERT' and (case when new.beside is null then open_now else not exists (
        select from open_on_same_evidence(new.sanction, new.opened_at, begun - interval '1 minute') as one(id)
        join appeals a on a.id = one.id where coalesce(a.beside, a.id) = new.beside) end)
      then ${refuse('beside another appeal than it stands')} end if;
      return new;
    end $$`,
  `create trigger appeals_speech before insert or update of ground, speech, relief_due_at, together on appeals
    for each row execute function guard_speech()`,
  `create function guard_spared() returns trigger language plpgsql as $$
    begin
      if not ${sparesRelief('new')} then ${refuse('its relief is due')} end if;
      return new;
    end $$`,
  `create trigger appeals_spared before update of relief_decided_as on appeals
    for each row when (new.relief_decided_as = 'spared' and old.relief_decided_as is null)
    execute function guard_spared()`,
];

/** Under a lesser reason a record lives no longer than that reason lets it. */
const lesserLife = `least(expires_at, amended_until) <= ${monthsAfterIncident('longest_life_months(amended_reason)')}`;

export const appealGuards = [
  ...speech,
  `create function refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception '% is final', tg_table_name using errcode = 'check_violation';
    end $$`,
  final('appeals', {
    columns: 'closed_at, closed_as, outcome, cause, concession, decision_due_at',
    when: 'old.closed_at is not null',
  }),
  final('appeals', {
    name: 'appeals_relief_final',
    columns: 'relief_decided_at, relief_decided_as',
    when: 'old.relief_decided_at is not null',
  }),
  // Whoever joins may add the days of speech; nobody takes them away, nor moves another deadline.
  // Nobody's appeal shortens how long another keeps a record held, and none keeps it longer than whoever joined.
  `create function guard_keeps() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' and new.keeps_until > new.opened_at + interval '63 days'
        or tg_op = 'UPDATE' and (new.keeps_until is null or new.keeps_until < old.keeps_until
          or not exists (select from appeal_joins j where j.appeal = new.id and j.keeps_until = new.keeps_until))
      then ${refuse('kept for longer than whoever joined')} end if;
      return new;
    end $$`,
  `create trigger appeals_hold_begins before insert on appeals
    for each row when (new.keeps_until is not null) execute function guard_keeps()`,
  `create trigger appeals_hold_ends before update of keeps_until on appeals
    for each row when (new.keeps_until is distinct from old.keeps_until) execute function guard_keeps()`,
  final('appeals', {
    name: 'appeals_joined',
    columns: 'assignment_due_at, relief_due_at, bound, reason_told',
    when: `new.assignment_due_at > old.assignment_due_at
      or (new.bound and not old.bound)
      or (new.reason_told and not old.reason_told)
      or (old.relief_due_at is not null and new.relief_due_at is distinct from old.relief_due_at)`,
  }),
  `alter table appeal_joins add constraint appeal_joins_withdrawn check (
    (withdraws_at is null) = (withdrawal_at is null)
    and (withdrawal is null or withdraws_at is not null))`,
  // What nobody signed waits.
  `alter table appeal_joins add constraint appeal_joins_unsigned check (case when withdrawal is null
    then withdraws_at >= withdrawal_at + interval '${unsignedActDays} days'
    else withdraws_at >= withdrawal_at end)`,
  // Nobody withdraws for another.
  `create function guard_withdrawn() returns trigger language plpgsql as $$
    begin
      if exists (select from appeal_joins j where j.appeal = new.id
        and (j.withdraws_at is null or j.withdraws_at > new.closed_at))
      then raise exception 'not all withdrew' using errcode = 'check_violation'; end if;
      return new;
    end $$`,
  `create trigger appeals_withdrawn before update of closed_as on appeals
    for each row when (new.closed_as = 'withdrawn' and old.closed_as is null)
    execute function guard_withdrawn()`,
  // Each answers for themselves, who joined: once, and whom it was put to.
  `create function guard_answer() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from questions q join appeal_joins j on j.appeal = q.appeal and j.claimant = new.claimant
        where q.id = new.question and (q.claimant is null or q.claimant = new.claimant)
      ) then ${refuse('it was not put to them')} end if;
      return new;
    end $$`,
  `create trigger question_answers_joined before insert on question_answers
    for each row execute function guard_answer()`,
  `create function guard_answered() returns trigger language plpgsql as $$
    begin
      if not is_answered(new.id, new.answered_at) then ${refuse('not all answered')} end if;
      return new;
    end $$`,
  `create trigger questions_answered before update of answered_at on questions
    for each row when (new.answered_at is not null) execute function guard_answered()`,
  // Nothing stands on evidence of which the creator had no gist, or had it and was not heard in time.
  `create function guard_heard() returns trigger language plpgsql as $$
    begin
      if not exists (select from questions q where q.appeal = new.id and q.kind = 'gist')
        or exists (select from questions q where q.appeal = new.id and q.kind = 'gist'
          and q.due_at > new.closed_at and not is_answered(q.id, new.closed_at))
      then ${refuse('not all were heard')} end if;
      return new;
    end $$`,
  `create trigger appeals_heard before update of outcome on appeals
    for each row when (old.outcome is null and new.outcome in ('upheld', 'amended'))
    execute function guard_heard()`,
  // A dismissed appeal is reopened once by each way that it bound, and by nobody else.
  `create function guard_reopened() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from appeals d cross join lateral ways_of(new.claimant, new.opened_at) w
        where d.id = new.reopens and d.outcome = 'dismissed' and is_bound(d.id, w)
          and (d.reopens is null or not is_bound(d.reopens, w))
          and not exists (select from appeals r where r.reopens = d.id and has_joined(r.id, w))
      ) then ${refuse('reopened by nobody whom it bound')} end if;
      return new;
    end $$`,
  `create trigger appeals_reopens before insert on appeals
    for each row when (new.reopens is not null) execute function guard_reopened()`,
  // What was taken back is not asked for by the same row.
  final('erasure_requests', { columns: 'kept_at', when: 'old.kept_at is not null' }),
  final('assignments', {
    columns: 'statement, sealing_kid, keyed_at, expires_at, released_at, released_as',
    when: 'old.released_at is not null',
  }),
  final('assignments', {
    name: 'assignments_batch_final',
    columns: 'batch',
    when: 'new.batch <> old.batch',
  }),
  // Evidence that a reviewer rejected stays destroyed.
  final('deliveries', {
    columns: 'sealed, rejected_at, rejected_why',
    when: 'old.sealed is null',
  }),
  final('disputes', {
    columns: 'content_key, second, assigned_at, closed_at, closed_as',
    when: 'old.closed_at is not null',
  }),
  // An amendment shortens and lessens; the next one does not give back what it took.
  final('sanctions', {
    columns: 'amended_until, amended_reason, amendment',
    when: `new.amended_until > old.amended_until
      or (old.amended_until is not null and new.amended_until is null)
      or (old.amended_reason is not null and new.amended_reason is null)
      or (old.amendment is not null and new.amendment is null and new.erased_at is null)`,
  }),
  final('subjects', { columns: 'detached_at', when: 'old.detached_at is not null' }),
  `alter table sanctions add constraint sanctions_lesser_life check (${lesserLife})`,
  ...serialGuards,
];
