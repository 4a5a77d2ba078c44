import type { CheckAlarm } from '@recourse/protocol';
import { counted, sentence, words } from './words.ts';

type Counts = Readonly<Record<string, number>>;
type Kind = CheckAlarm | 'case-guesses';

const sentences: Readonly<Record<Kind, (counts: Counts) => string>> = {
  'looked-without-asking': ({ elements = 0, expected = 0, empty = 0 }) =>
    `It looked up ${counted(elements, 'identifier', 'identifiers')}. About ${counted(expected, 'question', 'questions')} without an answer had to come of that, and ${empty.toLocaleString()} came.`,
  enumeration: ({ surplus = 0, bucket = 0 }) =>
    `It asked about ${counted(surplus, 'identifier', 'identifiers')} more than a platform that uses half of its ${bucket.toLocaleString()} a day.`,
  'case-guesses': ({ inOneHour = 0 }) =>
    `${counted(inOneHour, 'wrong case code was', 'wrong case codes were')} typed within one hour.`,
};

const isKnown = (kind: string): kind is Kind => Object.hasOwn(sentences, kind);

/** What an alarm counted. One of a newer registry is said by its numbers. */
export const alarmSaid = (kind: string, counts: Counts): string =>
  isKnown(kind)
    ? sentences[kind](counts)
    : `${sentence(kind)}: ${Object.entries(counts)
        .map(([name, n]) => `${words(name)} ${n.toLocaleString()}`)
        .join(', ')}.`;
