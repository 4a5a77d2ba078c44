import type { RuleChapter } from './rule.ts';

export const recordRules: RuleChapter = {
  title: 'What may be recorded',
  rules: [
    {
      rule: 'Nineteen acts; speech, belief and "other" are not representable',
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
      rule: 'No text of the submitter reaches another platform',
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
      rule: 'A record that says it comes from an authority is refused by name',
      heldBy: 'code',
      where: ['packages/registry/src/sanctions/conduct-rules.ts'],
      tests: [{ file: 'packages/protocol/src/taxonomy/reasons.test.ts', title: 'an authority' }],
    },
    {
      rule: 'A body owned or directed by a state is no platform',
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
      rule: 'A human decided',
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
      rule: 'Proof above a floor for each reason, by commitments',
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
      rule: 'The submitter says that it proved control of each identifier, in time, and looked for a takeover',
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
      rule: 'Crimes only where enabled by two operators, with a legal basis',
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
      rule: 'Minors: four reasons, twelve months',
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
      rule: 'Nothing lives beyond the longest life of its reason',
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
      rule: 'Half of that life without a gravity',
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
      rule: 'Phones, accounts and IBANs match for 12 months, email for 24',
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
      rule: 'One record on one incident, also when sent fifty times at once',
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
      rule: 'What was withdrawn or reversed is not filed again',
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
      rule: 'A stolen key cannot fill the registry: a bucket, then a second person',
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
      rule: 'No capacity, no new records: while an appeal waits for ten days, nobody records anything',
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
      rule: 'Every refusal is counted',
      heldBy: 'code',
      where: ['countRefusal'],
      tests: [
        {
          file: 'packages/registry/tests/sanctions-two-holders.test.ts',
          title: 'refusals are counted by party, day, problem and issue',
        },
      ],
    },
  ],
};
