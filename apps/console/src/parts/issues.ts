import type { Issue } from '@recourse/sdk';

/** The codes that stand in `issues`, in words: what is wrong, and so what is allowed. */
const texts: Readonly<Record<string, string>> = {
  required: 'Fill this in.',
  missing: 'Fill this in.',
  unknown: 'This is not one of the allowed values.',
  invalid_value: 'Choose one of the listed values.',
  invalid_type: 'Fill this in.',
  invalid_format: 'This does not have the right form.',
  'in-the-future': 'This lies in the future. Give a time that has passed.',
  'in-the-past': 'This lies in the past. Give a later time.',
  'too-early': 'This is too early.',
  'too-late': 'This is too late.',
  too_small: 'This is too short, or too few.',
  too_big: 'This is too long, too many, or above 4 MiB.',
  'too-few': 'There are too few.',
  duplicate: 'The same stands here twice.',
  'duplicate-subject': 'The same identifier stands here twice.',
  'duplicate-commitment': 'The same file stands here twice.',
  twice: 'The same stands here twice.',
  'not-committed': 'This was not committed to when the record was made.',
  'unknown-policy': 'Your platform has published no such policy.',
  'unknown-flagger': 'This flagger is not known to the registry.',
  'second-holder-required': 'A second person of your platform has to confirm this.',
  'same-holder': 'Somebody other than its author has to do this.',
  'verify-identity-first': 'No match of this check may be refused: verify the identity first.',
  'too-soon': 'Review a match for ten minutes at least before you report this.',
  'not-fresh': 'Control has to be proven within the last 24 hours.',
  'no-sms-gateway': 'This registry sends no text messages. Tell the person in your product.',
  'unsupported-chain': 'Wallets of this chain are not supported.',
};

export const issueText = ({ code }: Issue): string => texts[code] ?? `Not accepted (${code}).`;
