import type { Rule } from './rule.ts';

const registry = 'packages/registry/src';
const outcomes = 'packages/protocol/src/review/outcomes.rules.ts';

/** Who decides, and how often: laws 4 and 7, and what happens once. */
export const decidingRules: readonly Rule[] = [
  {
    id: 'cause-by-two',
    rule: 'a second reviewer confirms a cause that stops a group',
    laws: ['one-vote', 'faults'],
    edits: [
      {
        file: `${registry}/review/verdict.rules.ts`,
        find: 'if (named === undefined || isConfirmed) return { cause };',
        replace: 'if (named !== undefined || isConfirmed || cause) return { cause };',
      },
    ],
  },
  {
    id: 'operators-two',
    rule: 'two operators stop a platform',
    laws: ['one-vote', 'faults'],
    edits: [
      {
        file: `${registry}/parties/two-holders.ts`,
        find: 'if (open.proposed_by === caller.holder) {',
        replace: "if (open.proposed_by === '') {",
      },
    ],
  },
  {
    id: 'operators-two-guard',
    rule: 'two operators stop a platform: one executes at once',
    laws: ['one-vote', 'faults'],
    edits: [
      {
        file: `${registry}/parties/two-holders.ts`,
        find: 'if (!open) return propose(ctx, act);',
        replace:
          "if (!open && act.op === 'platforms.suspend') return { state: 'executed', party: await act.execute('') } as never;\n  if (!open) return propose(ctx, act);",
      },
    ],
  },
  {
    id: 'panel-majority',
    rule: 'an item of the panel is closed by all of its votes',
    laws: ['one-vote', 'faults'],
    edits: [
      {
        file: `${registry}/operations/review/vote.ts`,
        find: 'if ((voted?.size ?? 0) < votes)',
        replace: 'if ((voted?.size ?? 0) < Math.min(votes, 1))',
      },
    ],
  },
  {
    id: 'votes-once',
    rule: 'a reviewer votes on an item once',
    laws: ['once', 'faults'],
    edits: [
      {
        file: `${registry}/operations/review/vote.ts`,
        find: "  if (voted.has(caller.holder)) throw new Problem('already-decided');\n",
        replace: '',
      },
      // Whoever voted has no seat any more.
      {
        file: `${registry}/panel/seats.rules.ts`,
        find: '.filter((holder) => !voted.has(holder))',
        replace: '.filter((holder) => holder.length > 0)',
      },
    ],
  },
  {
    id: 'upheld-on-evidence',
    rule: 'nothing is upheld on evidence that nobody confirmed',
    laws: ['heard', 'faults'],
    edits: [
      { file: outcomes, find: "  if (!evidenceConfirmed) return 'not-confirmed';\n", replace: '' },
    ],
  },
  {
    id: 'ended-is-found-wrong',
    rule: 'a live record is reversed, and an ended one found wrong',
    laws: ['grounds', 'faults'],
    edits: [
      {
        file: outcomes,
        find: "return ended ? 'record-ended' : 'record-live';",
        replace: 'return undefined;',
      },
    ],
  },
  {
    id: 'ends-once',
    rule: 'a record ends once',
    laws: ['once', 'faults'],
    edits: [
      {
        file: `${registry}/operations/sanctions/withdraw.ts`,
        find: "  if (standingOf(row, now).ended) throw refusal('state-conflict', 'sanction', 'ended');\n",
        replace: '  void [row, now];\n',
      },
    ],
  },
  {
    id: 'responds-once',
    rule: 'a submitter stands by its record once',
    laws: ['once', 'faults'],
    edits: [
      {
        file: `${registry}/operations/appeals/respond.ts`,
        find: "  if (appeal.responded_at) throw refusal('state-conflict', 'stand', 'already-responded');\n",
        replace: '',
      },
    ],
  },
  {
    id: 'disputed-once',
    rule: 'an item is disputed once',
    laws: ['once', 'faults'],
    edits: [
      {
        file: `${registry}/operations/evidence/dispute.ts`,
        find: "  if (await hasDispute(db, where)) throw refusal('state-conflict', 'item', 'already-disputed');\n",
        replace: '  void hasDispute;\n',
      },
    ],
  },
  {
    id: 'acknowledged-once',
    rule: 'a recall is acknowledged once',
    laws: ['once', 'faults'],
    edits: [
      {
        file: `${registry}/told/recalls/recall.rules.ts`,
        find: "  if (recall.isAcknowledged) return refusal('state-conflict', 'recall', 'acknowledged');\n",
        replace: '',
      },
    ],
  },
  {
    id: 'answered-once',
    rule: 'an inquiry is answered once',
    laws: ['once', 'faults'],
    edits: [
      {
        file: `${registry}/operations/matches/answer.ts`,
        find: "  if (question.answered_at) throw refusal('state-conflict', 'question', 'answered');\n",
        replace: '',
      },
    ],
  },
  {
    id: 'relief-while-due',
    rule: 'relief is refused only where it is due',
    laws: ['grounds', 'faults'],
    edits: [
      {
        file: `${registry}/operations/review/relieve.ts`,
        find: 'if (dueAt === null || decidedAt !== null || isSpared) {',
        replace: 'if (dueAt === null && decidedAt !== null && isSpared) {',
      },
    ],
  },
  {
    id: 'erased-journal',
    rule: 'no journal is kept of a record that ended',
    laws: ['grounds', 'faults'],
    edits: [
      {
        file: `${registry}/operations/journals/put.ts`,
        find: "  if (standingOf(row, now).ended) throw conflict('sanction', 'ended');\n",
        replace: '',
      },
    ],
  },
  {
    id: 'objected-to-group-once',
    rule: 'an objection about a group is asked of the panel once',
    laws: ['once', 'faults'],
    edits: [
      {
        file: `${registry}/operations/parties/object.ts`,
        find: "  if (await hasObjected(db, { party, by, now })) throw conflict('party', 'objected');\n",
        replace: '',
      },
    ],
  },
  {
    id: 'leaves-once',
    rule: 'a platform leaves once',
    laws: ['once', 'faults'],
    edits: [
      {
        file: `${registry}/operations/platforms/leave.ts`,
        find: "  if (row.left_at !== null) throw conflict('party', 'left');\n",
        replace: '',
      },
    ],
  },
];
