import type { Rule } from './rule.ts';

const registry = 'packages/registry/src';
const notices = `${registry}/cases/notices`;
const checks = `${registry}/lookup/checks`;

const oneMessage = {
  file: `${notices}/store.ts`,
  find: "        .doUpdateSet(again)\n        .where('notice_deliveries.result', '=', 'unsent'),",
  replace: '        .doUpdateSet(again),',
};
const eightTexts = {
  file: `${registry}/review/join-store.ts`,
  find: 'return used < mostInformation ? used : undefined;',
  replace: 'return used < 100 * mostInformation ? used : undefined;',
};
const alone = {
  file: `${registry}/submissions/intake.rules.ts`,
  find: 'if (bucket.spent < bucket.limit) return undefined;',
  replace: 'if (bucket.spent < 100 * bucket.limit) return undefined;',
};

/** What a registry pays for, and what checks cost: law 6. */
export const budgetRules: readonly Rule[] = [
  {
    id: 'texts-in-probation',
    rule: 'a platform in probation has 20 text messages sent in a day',
    laws: ['budgets'],
    edits: [
      {
        file: `${notices}/notice.rules.ts`,
        find: 'const probationSms = 20;',
        replace: 'const probationSms = 2000;',
      },
    ],
  },
  {
    id: 'one-message',
    rule: 'one message goes to each address of a record',
    laws: ['budgets', 'faults'],
    edits: [oneMessage],
  },
  {
    id: 'one-message-guard',
    rule: 'the same, without the trigger that holds it',
    laws: ['budgets'],
    edits: [oneMessage],
    drops: ['drop trigger notice_deliveries_result on notice_deliveries'],
  },
  {
    id: 'news-once',
    rule: 'news are mailed once for all that happened since the last mail',
    laws: ['budgets'],
    edits: [
      {
        file: `${registry}/cases/contact-store.ts`,
        find: '.set({ told: news, mailed_at: mailedAt,',
        replace: '.set({ mailed_at: mailedAt,',
      },
    ],
  },
  {
    id: 'alone-in-a-day',
    rule: 'one holder makes 20 records in a day alone',
    laws: ['budgets'],
    edits: [alone],
  },
  {
    id: 'records-in-probation',
    rule: 'a platform in probation makes 20 records in a day',
    laws: ['budgets', 'faults'],
    edits: [
      alone,
      {
        file: `${registry}/submissions/intake.rules.ts`,
        find: 'platform.inProbation.spent >= probationDailyRecords',
        replace: 'platform.inProbation.spent >= 100 * probationDailyRecords',
      },
    ],
  },
  {
    id: 'eight-texts',
    rule: 'a claimant adds eight texts to an appeal',
    laws: ['budgets', 'faults'],
    edits: [eightTexts],
  },
  {
    id: 'eight-texts-guard',
    rule: 'the same, without the constraint that holds it',
    laws: ['budgets'],
    edits: [eightTexts],
    drops: ['alter table case_information drop constraint case_information_slot_check'],
  },
  {
    id: 'five-codes',
    rule: 'a claimant asks for five codes for addresses in a day',
    laws: ['budgets', 'faults'],
    edits: [
      {
        file: `${registry}/operations/case/set-contact.ts`,
        find: "if (asked.isSpent) throw conflict('email', 'too-many-codes');",
        replace: 'void conflict;',
      },
    ],
  },
  {
    id: 'three-to-a-mailbox',
    rule: 'three codes go to one mailbox in a day, whoever asks',
    laws: ['budgets'],
    edits: [
      {
        file: `${registry}/operations/case/set-contact.ts`,
        find: 'isMailed: !isSpent };',
        replace: 'isMailed: isSpent || !isSpent };',
      },
    ],
  },
  {
    id: 'own-codes',
    rule: 'nobody spends the codes of another claimant',
    laws: ['own'],
    edits: [
      {
        file: `${registry}/operations/case/set-contact.ts`,
        find: "budgetOf(vault, 'claimant', claimant)",
        replace: "budgetOf(vault, 'claimant', claimant.slice(0, 4))",
      },
    ],
  },
  {
    id: 'ten-questions',
    rule: 'a round has ten questions',
    laws: ['budgets', 'faults'],
    edits: [
      {
        file: 'packages/protocol/src/review/assignment.rules.ts',
        find: 'return inRound.length < mostQuestions ?',
        replace: 'return inRound.length < 100 * mostQuestions ?',
      },
    ],
  },
  {
    id: 'eight-journals',
    rule: 'a holder writes the journal of a record eight times',
    laws: ['budgets', 'faults'],
    edits: [
      {
        file: `${registry}/review/journal-store.ts`,
        find: '  if (version >= mostJournalVersions) return false;\n',
        replace: '',
      },
    ],
  },
  {
    id: 'bucket-is-bound',
    rule: 'a platform evaluates no more than its bucket holds',
    laws: ['units'],
    edits: [
      {
        file: `${checks}/metering.ts`,
        find: 'const without = unserved(calls, left);',
        replace: 'const without = unserved(calls, left + 1_000_000);',
      },
    ],
  },
  {
    id: 'fifth-is-kept',
    rule: 'a fifth of the bucket is kept for recovery, payouts, safety and vouching',
    laws: ['units'],
    edits: [
      {
        file: `${checks}/quota.rules.ts`,
        find: 'isKeptFor(purpose) ? 0 : keptOf(size);',
        replace: 'isKeptFor(purpose) ? 0 : 0 * keptOf(size);',
      },
    ],
  },
  {
    id: 'ticket-is-paid',
    rule: 'a ticket costs a unit',
    laws: ['units'],
    edits: [
      {
        file: `${registry}/operations/subjects/ticket.ts`,
        find: 'const { bucket, spent } = await chargeUnit(db, { party, now });',
        replace: 'const { bucket, spent } = { bucket: 8000, spent: 1 };\n  void chargeUnit;',
      },
    ],
  },
  {
    id: 'evaluation-is-paid',
    rule: 'each element costs a unit',
    laws: ['units'],
    edits: [
      {
        file: `${checks}/metering.ts`,
        find: '? { party, kept: kept + elements, open }',
        replace: '? { party, kept: kept + 1, open }',
      },
    ],
  },
  {
    id: 'asked-as-evaluated',
    rule: 'a check answers no more tokens than it evaluated',
    laws: ['units'],
    edits: [
      {
        file: `${checks}/asked.rules.ts`,
        find: 'if (asked.size > evaluated) refused',
        replace: 'if (asked.size > 100 * evaluated) refused',
      },
      {
        file: `${checks}/meter-store.ts`,
        find: "coalesce(cardinality(asked) > evaluated or was_asked = '{}', false)",
        replace: 'false',
      },
    ],
  },
];
