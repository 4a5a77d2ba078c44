import type { RuleChapter } from './rule.ts';

const membership = 'packages/registry/tests/parties-membership.test.ts';
const leaving = 'packages/registry/tests/parties-leaving.test.ts';
const orders = 'packages/registry/tests/parties-orders.test.ts';
const demands = 'packages/registry/tests/parties-demands.test.ts';

export const partyRules: RuleChapter = {
  title: 'Parties',
  rules: [
    {
      rule: 'A platform registers with its legal name, jurisdiction, owners above 10 %, group, policies, contacts for complaints and data protection, legal basis and language.',
      heldBy: 'code',
      where: ['packages/protocol/src/ops/parties.ts', 'registrationSchema'],
      tests: [
        { file: 'packages/registry/tests/parties-operator.test.ts', title: 'with %s is refused' },
      ],
    },
    {
      rule: 'A body owned or directed by a state is not registered.',
      heldBy: 'database',
      where: ['packages/registry/src/migrations/tables-parties.ts', 'partyTables'],
      constraints: ['parties_no_state_body'],
      tests: [
        {
          file: 'packages/registry/tests/parties-constraints.test.ts',
          title: 'a platform that a state owns, or that does not say',
        },
      ],
    },
    {
      rule: 'A platform proves by DNS that it holds the domain it registers.',
      heldBy: 'code',
      where: ['packages/registry/src/parties/platform-acts.ts', 'assertDomainProven'],
      tests: [
        {
          file: membership,
          title: 'without the TXT record it is refused, and with that of another invite',
        },
      ],
    },
    {
      rule: 'For 14 days from its registration a platform is open to objection; it sets up keys, but neither checks nor submits.',
      heldBy: 'database',
      where: ['packages/registry/src/parties/membership.ts', 'isActive'],
      constraints: ['parties_membership', 'checks_check', 'sanctions_submission'],
      tests: [
        { file: membership, title: 'a party sets up keys but neither checks nor submits' },
        {
          file: membership,
          title: 'the database takes no shorter window or probation, and no admission by itself',
        },
      ],
    },
    {
      rule: 'An objection by a member, on a closed ground and within the window, keeps a platform pending until the panel has decided.',
      heldBy: 'database',
      where: ['packages/registry/src/parties/object-to-party.ts', 'objectToParty'],
      constraints: ['objections_objection', 'parties_membership'],
      tests: [
        { file: membership, title: 'an objection keeps it pending until the panel decides' },
        { file: membership, title: 'nobody objects to itself, late, or without standing' },
      ],
    },
    {
      rule: 'In the 90 days of its probation a platform submits at most 20 records a day, whoever confirms them.',
      heldBy: 'database',
      where: ['packages/registry/src/sanctions/intake-rules.ts', 'probationFull'],
      constraints: ['sanctions_submission'],
      tests: [
        { file: membership, title: '20 records a day, and no second holder makes it more' },
        { file: membership, title: 'a draft is confirmed within the day only' },
      ],
    },
    {
      rule: 'A record of a probation is held for 7 days from its notice, also where its reason answers at once.',
      heldBy: 'database',
      where: ['packages/registry/src/sanctions/notice.ts', 'visibleFrom'],
      constraints: ['sanctions_submission'],
      tests: [{ file: membership, title: 'held 7 d, also where the reason answers at once' }],
    },
    {
      rule: 'A record of a probation never corroborates another.',
      heldBy: 'code',
      where: ['packages/registry/src/checks/answer.ts', 'corroborationOf'],
      tests: [
        {
          file: 'packages/registry/src/checks/answer.test.ts',
          title: 'corroboration counts other groups with a live own record',
        },
      ],
    },
    {
      rule: 'The first 20 records of a probation are all examined by a reviewer, from when they answer on.',
      heldBy: 'code',
      where: ['packages/registry/src/parties/probation-store.ts', 'findUnexamined'],
      tests: [
        { file: membership, title: 'the first 20 are sampled' },
        {
          file: 'packages/registry/tests/audits-disputes.test.ts',
          title: 'are examined from when they answer, each once',
        },
      ],
    },
    {
      rule: 'A platform that registered to check only submits nothing.',
      heldBy: 'database',
      where: ['packages/registry/src/sanctions/intake-rules.ts', 'checkOnly'],
      constraints: ['sanctions_submission'],
      tests: [
        {
          file: membership,
          title: 'a check-only party submits nothing, and the database says so, too',
        },
      ],
    },
    {
      rule: 'A platform that leaves, by its own admin or by two operators, neither checks nor submits from that instant on, and cannot come back as it was.',
      heldBy: 'database',
      where: ['packages/registry/src/parties/leave.ts', 'leave'],
      constraints: ['parties_membership', 'checks_check', 'sanctions_submission'],
      tests: [
        { file: leaving, title: 'neither checks nor submits at once, and says so in the ledger' },
        { file: leaving, title: 'is the party itself by an admin key, or two operators' },
        {
          file: 'packages/registry/tests/submission-races.test.ts',
          title: 'the leaving first: the submission waits for it, and is refused',
        },
        {
          file: 'packages/registry/tests/submission-races.test.ts',
          title: 'the submission first: the leaving waits, and the record ends with the others',
        },
      ],
    },
    {
      rule: 'The live records of a platform that left end within 30 days, with their recalls, unless the panel confirmed each.',
      heldBy: 'code',
      where: ['packages/registry/src/parties/membership.ts', 'recordsEndAt'],
      tests: [
        { file: leaving, title: 'answer for 30 d more, end when read, and are recalled once' },
        {
          file: 'packages/registry/tests/panel-leaving.test.ts',
          title: 'stay where a reviewer examined them, and end where nobody did',
        },
      ],
    },
    {
      rule: 'What a platform owes to creators outlives its membership: recalls, notices, withdrawals and events go on.',
      heldBy: 'code',
      where: ['packages/registry/src/parties/leave.ts', 'leave'],
      tests: [{ file: leaving, title: 'what is owed to creators outlives the membership' }],
    },
    {
      rule: 'Demands of authorities are reported in counts, without a text, and published at once or, where the law forbids that, within a year.',
      heldBy: 'database',
      where: ['packages/registry/src/parties/report-demand.ts', 'reportDemand'],
      constraints: ['authority_demands_delay'],
      tests: [
        { file: demands, title: 'is reported in counts, and in the ledger at once' },
        {
          file: demands,
          title: 'that may not be told is read on its day, with every job stopped, and logged once',
        },
        { file: demands, title: 'is delayed by a year at most, in the database too' },
      ],
    },
    {
      rule: 'Each quarter a platform signs that it had no demand of an authority, or how many; 30 days after the quarter its absence is shown.',
      heldBy: 'signature',
      where: ['packages/registry/src/parties/attest.ts', 'attest'],
      constraints: ['attestations_pkey'],
      tests: [
        {
          file: demands,
          title: 'says none or how many, once a quarter, and is in the ledger as it was signed',
        },
        {
          file: demands,
          title:
            'is missing from 30 d after the quarter on, unless it was filed or the party had left',
        },
        {
          file: 'apps/server/tests/governance.test.ts',
          title:
            'the same as a page, complete without script, with what is missing and how to object',
        },
      ],
    },
    {
      rule: 'An order of a court or a data protection authority can only end or restrict one named record; two people of the operator execute it, everyone told is recalled, and that it was done is published.',
      heldBy: 'database',
      where: ['packages/registry/src/parties/execute-order.ts', 'executeOrder'],
      constraints: [
        'orders_effect_check',
        'orders_body_check',
        'orders_order',
        'ends_ordered_end',
        'suspensions_ordered_restrict',
      ],
      tests: [
        {
          file: orders,
          title: 'ends one record, by two operators, with its recalls, and is published',
        },
        { file: orders, title: 'restricts one: no check is answered' },
        { file: orders, title: 'that %s is refused' },
        {
          file: orders,
          title: 'takes no end and no suspension by an order that two did not execute',
        },
        {
          file: orders,
          title: 'has no word for an order that creates or lengthens, and lengthens nothing',
        },
      ],
    },
    {
      rule: 'Who runs the registry, who sits on the panel, who takes part, objected or left, and what two people of the operator did is public.',
      heldBy: 'code',
      where: ['packages/registry/src/parties/governance.ts', 'readGovernance'],
      tests: [
        {
          file: 'apps/server/tests/governance.test.ts',
          title:
            '/governance says who runs it, who takes part, and what two people of the operator did',
        },
      ],
    },
  ],
};
