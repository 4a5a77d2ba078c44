/** A change that no test can notice, since the program does the same; spaces and line ends are one space each. */
export interface EquivalentMutant {
  file: string;
  /** The line on which the change begins. */
  line: string;
  was: string;
  becomes: string;
  why: string;
}

const registry = 'packages/registry/src';

/** They are counted apart, and no part of the score. */
export const EQUIVALENT_MUTANTS: EquivalentMutant[] = [
  {
    file: `${registry}/review/draw.rules.ts`,
    line: '.toSorted((a, b) => (a.place < b.place ? -1 : 1))',
    was: 'a.place < b.place',
    becomes: 'a.place <= b.place',
    why: 'places are hashes: two records never have the same',
  },
  {
    file: `${registry}/panel/seats.rules.ts`,
    line: '.toSorted((a, b) => (a.place < b.place ? -1 : 1))',
    was: 'a.place < b.place',
    becomes: 'a.place <= b.place',
    why: 'places are hashes: two reviewers never have the same',
  },
  {
    file: `${registry}/panel/majority.rules.ts`,
    line: 'return votes.length >= needed && harsh * 2 > needed ? harsher : milder;',
    was: 'harsh * 2 > needed',
    becomes: 'harsh * 2 >= needed',
    why: 'every kind needs an odd number of votes',
  },
  {
    file: `${registry}/panel/rates.rules.ts`,
    line: 'const warned = warnedAt !== null && warnedAt > addDays(now, -windowDays) ? warnedAt : null;',
    was: 'warnedAt !== null',
    becomes: 'true',
    why: 'null is before every window',
  },
  {
    file: `${registry}/panel/rates.rules.ts`,
    line: 'if (isAsked || isSuspended || newestReversal === null) return measures;',
    was: 'newestReversal === null',
    becomes: 'false',
    why: 'without a reversal no rate asks the panel',
  },
  {
    file: `${registry}/panel/rates.rules.ts`,
    line: 'if (askedAt !== null && newestReversal <= askedAt) return measures;',
    was: 'askedAt !== null',
    becomes: 'true',
    why: 'no reversal is before null',
  },
  {
    file: `${registry}/lookup/checks/answer.rules.ts`,
    line: 'ground !== null &&',
    was: 'ground !== null',
    becomes: 'true',
    why: 'only an open appeal has a ground, and isDisputedAt asks for one; the compiler needs it',
  },
  {
    file: `${registry}/lookup/checks/answer.rules.ts`,
    line: 'submittedAt === null || probationUntil === null || inProbation({ probationUntil }, submittedAt);',
    was: 'submittedAt === null',
    becomes: 'false',
    why: 'null is before the end of every probation',
  },
  {
    file: `${registry}/lookup/checks/answer.rules.ts`,
    line: 'const byTime = (a.life.visibleFrom?.getTime() ?? 0) - (b.life.visibleFrom?.getTime() ?? 0);',
    was: 'a.life.visibleFrom?.getTime',
    becomes: 'a.life.visibleFrom.getTime',
    why: 'what answers has an end of its hold',
  },
  {
    file: `${registry}/lookup/checks/answer.rules.ts`,
    line: 'const byTime = (a.life.visibleFrom?.getTime() ?? 0) - (b.life.visibleFrom?.getTime() ?? 0);',
    was: 'b.life.visibleFrom?.getTime',
    becomes: 'b.life.visibleFrom.getTime',
    why: 'what answers has an end of its hold',
  },
  {
    file: `${registry}/lookup/checks/answer.rules.ts`,
    line: 'return byTime || (a.sanction < b.sanction ? -1 : 1);',
    was: 'a.sanction < b.sanction',
    becomes: 'a.sanction <= b.sanction',
    why: 'one token is in a sanction once',
  },
  {
    file: `${registry}/lookup/checks/disclose.ts`,
    line: 'const earlier = (a: Date, b: Date): Date => (a < b ? a : b);',
    was: 'a < b',
    becomes: 'a <= b',
    why: 'of two equal instants either is the earlier',
  },
  {
    file: `${registry}/lookup/checks/owed.ts`,
    line: 'const [, time, id] = /^(\\d{1,14})-(mat_\\w+)$/.exec(cursor) ?? [];',
    was: '[]',
    becomes: '["Stryker was here"]',
    why: 'the first element is not read',
  },
  {
    file: `${registry}/lookup/checks/owed.ts`,
    line: "if (time === undefined || !isId('mat', id)) return undefined;",
    was: 'time === undefined',
    becomes: 'false',
    why: 'without a time there is no id',
  },
  {
    file: 'packages/protocol/src/review/appeal-clock.rules.ts',
    line: 'return withdrawsAt !== null && withdrawsAt < undecidedAt ? withdrawsAt : undecidedAt;',
    was: 'withdrawsAt < undecidedAt',
    becomes: 'withdrawsAt <= undecidedAt',
    why: 'of two equal instants either is the earlier',
  },
  {
    file: 'packages/protocol/src/review/appeal-clock.rules.ts',
    line: 'const kept = closes !== null && closes < appeal.keepsUntil ? closes : appeal.keepsUntil;',
    was: 'closes < appeal.keepsUntil',
    becomes: 'closes <= appeal.keepsUntil',
    why: 'of two equal instants either is the earlier',
  },
  {
    file: 'packages/protocol/src/review/appeal-clock.rules.ts',
    line: 'return kept < holdEnds ? holdEnds : kept;',
    was: 'kept < holdEnds',
    becomes: 'kept <= holdEnds',
    why: 'of two equal instants either is the later',
  },
  {
    file: 'packages/protocol/src/review/appeal-clock.rules.ts',
    line: 'return { decisionDueAt: due < undecidedAt ? due : undecidedAt, undecidedAt };',
    was: 'due < undecidedAt',
    becomes: 'due <= undecidedAt',
    why: 'of two equal instants either is the earlier',
  },
  {
    file: 'packages/protocol/src/review/evidence-clock.rules.ts',
    line: 'const later = (a: Date | null, b: Date): Date => (a && a > b ? a : b);',
    was: 'a > b',
    becomes: 'a >= b',
    why: 'of two equal instants either is the later',
  },
  {
    file: 'packages/protocol/src/review/assignment.rules.ts',
    line: '.toSorted((a, b) => timeOf(a) - timeOf(b) || (a.group < b.group ? -1 : 1));',
    was: 'a.group < b.group',
    becomes: 'a.group <= b.group',
    why: 'a group stands once in the list',
  },
  {
    file: `${registry}/readers/report/build-report.ts`,
    line: '.toSorted((a, b) => (a.period < b.period ? -1 : 1));',
    was: 'a.period < b.period',
    becomes: 'a.period <= b.period',
    why: 'each period is there once',
  },
  {
    file: `${registry}/records/membership.rules.ts`,
    line: 'const activeFrom = decidedAt > objectionsUntil ? decidedAt : objectionsUntil;',
    was: 'decidedAt > objectionsUntil',
    becomes: 'decidedAt >= objectionsUntil',
    why: 'of two equal instants either is the later',
  },
  {
    file: `${registry}/records/membership.rules.ts`,
    line: "return probationUntil !== null && probationUntil > now ? 'probation' : 'member';",
    was: 'probationUntil !== null',
    becomes: 'true',
    why: 'null is after no instant',
  },
  {
    file: `${registry}/records/membership.rules.ts`,
    line: 'probationUntil !== null && at < probationUntil;',
    was: 'probationUntil !== null',
    becomes: 'true',
    why: 'no instant is before null',
  },
  {
    file: `${registry}/records/life.rules.ts`,
    line: 'ofOthers: readonly Possible<RecordEnd>[] = [],',
    was: '[]',
    becomes: '["Stryker was here"]',
    why: 'what has no instant never comes about',
  },
  {
    file: `${registry}/records/life.rules.ts`,
    line: 'const endsOfEvaded = ({ evaded = [] }: Life): Possible<RecordEnd>[] =>',
    was: '[]',
    becomes: '["Stryker was here"]',
    why: 'what has no instant never comes about',
  },
  {
    file: `${registry}/records/life.rules.ts`,
    line: 'const at = kept && kept > visibleFrom ? kept : visibleFrom;',
    was: 'kept > visibleFrom',
    becomes: 'kept >= visibleFrom',
    why: 'of two equal instants either is the later',
  },
  {
    file: `${registry}/review/evidence.rules.ts`,
    line: '} catch {',
    was: '{ return undefined; }',
    becomes: '{}',
    why: 'a function that ends without a word returns undefined',
  },
  {
    file: `${registry}/submissions/submission.rules.ts`,
    line: '} catch {',
    was: '{ return undefined; }',
    becomes: '{}',
    why: 'a function that ends without a word returns undefined',
  },
  {
    file: `${registry}/submissions/views.ts`,
    line: '} catch {',
    was: '{ return undefined; }',
    becomes: '{}',
    why: 'a function that ends without a word returns undefined',
  },
  {
    file: `${registry}/cases/notices/notice.rules.ts`,
    line: 'return later > asked.dueAt ? later : asked.dueAt;',
    was: 'later > asked.dueAt',
    becomes: 'later >= asked.dueAt',
    why: 'of two equal instants either is the later',
  },
  {
    file: `${registry}/readers/report/suppress.rules.ts`,
    line: 'const ascending = [...cells].toSorted(([a, n], [b, m]) => n - m || (a < b ? -1 : 1));',
    was: 'a < b',
    becomes: 'a <= b',
    why: 'a cell is there once',
  },
];
