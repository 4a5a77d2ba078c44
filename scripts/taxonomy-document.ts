import {
  evidenceClasses,
  proofFloorText,
  reasonCodes,
  reasons,
  taxonomyVersion,
  type ReasonCode,
} from '@recourse/protocol';

/** `docs/taxonomy.md`, made from the taxonomy of the protocol. */
export const taxonomyDocument = (): string =>
  `${[
    '# What can be recorded',
    '',
    `A record has one of these ${reasonCodes.length} reasons. Each is an act that a reviewer can establish without`,
    'judging truth or opinion. The list is closed: it has no reason for speech, belief, rumour or politics, and none for',
    '"other". A registry shows the same at `/taxonomy`, and to programs at `/policies`.',
    '',
    `\`npm run docs\` writes this page from taxonomy ${taxonomyVersion}.`,
    '',
    '## Reasons',
    '',
    '| code | the act | what it is not | least proof | months | answers at | appeals decided by two | names a crime | minors |',
    '|---|---|---|---|---|---|---|---|---|',
    ...reasonCodes.map(rowOf),
    '',
    '*Months* is the longest life, from the end of the incident. Without a stated gravity a record lives half as long.',
    'A record of a minor lives 12 months at most. Only a platform with a recorded legal basis may use a reason that names',
    'a crime. *Answers at* has the purposes of a check that may find it: at any other it is as if the record were not there.',
    '',
    '## Evidence',
    '',
    'A platform commits to evidence when it records, and shows it to a reviewer under appeal.',
    '',
    '| class | which bytes | media types |',
    '|---|---|---|',
    ...Object.entries(evidenceClasses).map(
      ([name, { what, mediaTypes }]) => `| \`${name}\` | ${what} | ${mediaTypes.join(', ')} |`,
    ),
  ].join('\n')}\n`;

function rowOf(code: ReasonCode): string {
  const reason = reasons[code];
  const { longestLifeMonths: months, twoReviewers, speechAdjacent } = reason;
  const speech = speechAdjacent ? 'on `expression`' : 'no';
  return `| ${[
    `\`${code}\``,
    reason.act,
    reason.isNot,
    proofFloorText(code, (name) => `\`${name}\``),
    months ?? 'of the record that was evaded',
    reason.askedAt.map((purpose) => `\`${purpose}\``).join(', '),
    twoReviewers ? 'yes' : speech,
    reason.namesCriminalOffence ? 'yes' : 'no',
    reason.minorAllowed ? 'yes' : 'no',
  ].join(' | ')} |`;
}
