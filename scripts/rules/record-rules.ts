import type { RuleChapter } from './rule.ts';

export const recordRules: RuleChapter = {
  title: 'What may be recorded',
  rules: [
    {
      rule: 'A record is about one of nineteen acts of conduct; speech, belief and "other" have no code.',
      heldBy: 'database',
      where: ['packages/protocol/src/taxonomy/reason-codes.ts'],
      constraints: ['sanctions_reason_check'],
      tests: [
        {
          file: 'packages/protocol/src/taxonomy/reasons.test.ts',
          title: 'cannot represent speech, belief or "other"',
        },
      ],
    },
    {
      rule: 'No text that a submitter chose reaches another platform.',
      heldBy: 'code',
      where: ['packages/protocol/src/statement.ts'],
      tests: [
        {
          file: 'packages/protocol/src/statement.test.ts',
          title: "no text of a submitter's choosing reaches another platform",
        },
      ],
    },
    {
      rule: 'A record that says it comes from an authority is refused by name.',
      heldBy: 'code',
      where: ['packages/registry/src/sanctions/conduct-rules.ts'],
      tests: [{ file: 'packages/protocol/src/taxonomy/reasons.test.ts', title: 'an authority' }],
    },
    {
      rule: 'A body that a state owns or directs cannot be a platform.',
      heldBy: 'database',
      where: [],
      constraints: ['parties_no_state_body'],
      tests: [
        {
          file: 'packages/registry/tests/parties-constraints.test.ts',
          title: 'a platform that a state owns, or that does not say',
        },
      ],
    },
    {
      rule: 'A record is made only of a decision that a human took.',
      heldBy: 'code',
      where: ['machineDecision'],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-refusals.test.ts',
          title: 'a decision by a machine',
        },
      ],
    },
    {
      rule: 'Each reason has a least proof, to which the submitter commits when it makes the record.',
      heldBy: 'code',
      where: ['weakProof', 'meetsProofFloor'],
      tests: [
        {
          file: 'packages/protocol/src/taxonomy/proof-floor.test.ts',
          title: 'is not met by nothing, nor by evidence of another class',
        },
        {
          file: 'packages/registry/tests/sanctions-refusals.test.ts',
          title: 'proof below the floor',
        },
      ],
    },
    {
      rule: 'The submitter states how and when it proved that the creator controls each identifier, within the time of the incident, and that it looked for a takeover.',
      heldBy: 'code',
      where: ['packages/registry/src/sanctions/subject-rules.ts'],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-refusals.test.ts',
          title: 'control proven outside the incident',
        },
        {
          file: 'packages/registry/tests/sanctions-refusals.test.ts',
          title: 'takeover that was not looked for',
        },
      ],
    },
    {
      rule: 'A reason that names a crime is accepted only of a platform that recorded a legal basis, once two people of the operator enabled it.',
      heldBy: 'code',
      where: ['reasonNotAccepted', 'enableReasons'],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-refusals.test.ts',
          title: 'a criminal offence that was not enabled, or has no legal basis',
        },
      ],
    },
    {
      rule: 'A record of a minor is for one of four reasons, and lives twelve months at most.',
      heldBy: 'database',
      where: [],
      constraints: ['sanctions_minors'],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-constraints.test.ts',
          title: 'records no minor under a code not for minors, nor for more than 12 months',
        },
      ],
    },
    {
      rule: 'No record lives beyond the longest life of its reason.',
      heldBy: 'database',
      where: [],
      constraints: ['sanctions_longest_life'],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-constraints.test.ts',
          title: 'gives no record a life beyond the longest of its reason, in any time zone',
        },
      ],
    },
    {
      rule: 'Without a stated gravity a record lives half of that at most.',
      heldBy: 'code',
      where: ['tooLongLife'],
      tests: [
        {
          file: 'packages/protocol/src/taxonomy/life.test.ts',
          title: 'is the longest only with a gravity',
        },
      ],
    },
    {
      rule: 'Phones, accounts and IBANs are found for 12 months and email for 24, also where the record lives on.',
      heldBy: 'code',
      where: ['subjectRows'],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-lifecycle.test.ts',
          title: 'subjects match no longer than their kind allows',
        },
      ],
    },
    {
      rule: 'A platform makes one record on one incident, also when it sends it fifty times at once.',
      heldBy: 'code',
      where: ['secondOnIncident', 'lockSubjects'],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-races.test.ts',
          title: 'fifty submissions on one incident under fifty ids are one record',
        },
      ],
    },
    {
      rule: 'What was withdrawn or reversed is not recorded again for the same reason, unless for later conduct.',
      heldBy: 'code',
      where: ['refiledAfterEnd'],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-refusals.test.ts',
          title: 'a record filed again after its withdrawal, until the incident is later',
        },
      ],
    },
    {
      rule: 'A stolen key cannot fill the registry: beyond a number of records a day a second person has to confirm each.',
      heldBy: 'code',
      where: ['bucketEmpty'],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-refusals.test.ts',
          title: 'an empty bucket, until a second trust holder confirms',
        },
      ],
    },
    {
      rule: 'While an appeal has waited for a reviewer for ten days, new records are refused, first of the platforms with most open appeals.',
      heldBy: 'code',
      where: ['panelBehind'],
      tests: [
        {
          file: 'packages/registry/tests/appeals-flow.test.ts',
          title: 'no capacity, no new records: an appeal that nobody took for 10 d',
        },
      ],
    },
    {
      rule: 'Every refusal of a record is counted in public, by platform, day and reason of the refusal.',
      heldBy: 'code',
      where: ['countRefusal'],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-two-holders.test.ts',
          title: 'refusals are counted by party, day, problem and issue',
        },
      ],
    },
    {
      rule: 'A record counts only at the registry that it was signed for, so that one of a sandbox is worth nothing elsewhere.',
      heldBy: 'code',
      where: ['notAddressed'],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-refusal-rows.ts',
          title: 'a statement for another registry',
        },
      ],
    },
    {
      rule: 'A decision of more than 90 days ago, or about an incident of more than 24 months ago, is not recorded.',
      heldBy: 'code',
      where: ['packages/registry/src/sanctions/time-rules.ts', 'tooLongAgo'],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-refusal-rows.ts',
          title: 'decided more than 90 days ago',
        },
      ],
    },
    {
      rule: 'A record is not renewed, and what fell under one reason does not come back under another: an incident that a platform recorded once is not recorded again after the record has ended, nor after it was erased.',
      heldBy: 'code',
      where: [
        'packages/registry/src/sanctions/refile-rules.ts',
        'secondOnIncident',
        'rememberedRecords',
      ],
      tests: [
        {
          file: 'packages/registry/tests/hostile-plays.test.ts',
          title:
            'one after the other, does not bring back under the second what fell under the first',
        },
        {
          file: 'packages/registry/tests/retention-erasure.test.ts',
          title:
            'so does another reason for what may be the same incident, also once the record has expired',
        },
      ],
    },
  ],
};
