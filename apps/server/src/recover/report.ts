import type { RecoveryResult } from '@recourse/registry';

/** What was recovered, and what is left for people to do. Counts alone: what they count is in the log. */
export function reportLines({ from, to, counts, losses }: RecoveryResult): string[] {
  const { submissionsLost, recallsLost, suspended, keysLeft } = counts;
  return [
    `The log is whole again: it had ${from} entries, and has ${to}.`,
    `Done again: ${counts.ended} ends, ${counts.recalls} recalls (${counts.acknowledged} of them acknowledged), ${counts.told} disclosures, ${counts.erased} erasures, ${counts.keysRevoked} revocations, ${counts.keysAdded} keys, ${counts.parties} changes of parties.`,
    ...(suspended > 0
      ? [`${suspended} sanctions stay suspended until somebody has looked at them.`]
      : []),
    ...(submissionsLost > 0
      ? [
          `${submissionsLost} submissions, and ${recallsLost} recalls of them, are lost: ask the members to submit again what they still stand by.`,
        ]
      : []),
    ...(keysLeft > 0
      ? [`${keysLeft} keys could not be added again: their parties enrol them anew.`]
      : []),
    ...(losses > 0
      ? [
          `${losses} differences between tables and log stay, since the log does not tell more. They are remembered, and the doctor reports none of them again.`,
        ]
      : []),
    'Start the server: it logs that it was restored, and signs on.',
  ];
}
