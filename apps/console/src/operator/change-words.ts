import { dayText } from '@recourse/design/instants';
import { counted, sentence, words } from '../parts/words.ts';
import { fieldLabel, type OperatorOp } from './acts.ts';

/** One line of what an act would change. */
export interface Change {
  readonly what: string;
  /** Absent where there is nothing yet */
  readonly today?: string;
  readonly wouldBe: string;
}

type Values = Readonly<Record<string, unknown>>;

interface Proposed {
  readonly op: OperatorOp;
  readonly input: Values;
  readonly today: Values;
}

/** Says member by member what stands today, and what would: nothing that is signed is left out. */
export const changesOf = (proposed: Proposed): Change[] => [
  ...(consequences[proposed.op]?.(proposed.input, proposed.today) ?? []),
  ...membersOf(proposed),
];

function membersOf({ op, input, today }: Proposed): Change[] {
  return flat(input)
    .filter(([name]) => name !== 'party')
    .map(([name, value]) => {
      const before = name in today ? { today: textOf(name, today[name]) } : {};
      return {
        what: fieldLabel(op, name) ?? labelOf(name),
        ...before,
        wouldBe: wouldBeOf(name, value, today),
      };
    });
}

/** What is suspended or enabled is added to what is so already. */
function wouldBeOf(name: string, value: unknown, today: Values): string {
  const before = today[name];
  if (name === 'reasons' && Array.isArray(value) && Array.isArray(before)) {
    return textOf(name, [...new Set([...(before as unknown[]), ...(value as unknown[])])]);
  }
  if (name === 'what' && before !== 'nothing' && before !== value) return textOf(name, 'both');
  return textOf(name, value);
}

const consequences: {
  readonly [O in OperatorOp]?: (input: Values, today: Values) => Change[];
} = {
  'platforms.restore': (_, { what }) => [
    {
      what: 'What stops',
      today: textOf('what', what),
      wouldBe: 'Nothing, unless the panel suspended it too',
    },
  ],
  'platforms.leave': () => [
    {
      what: 'Membership',
      today: 'Member',
      wouldBe: 'Left: checks and submissions stop, and its records end',
    },
  ],
  'platforms.reenrol': () => [
    { what: 'Keys', today: 'As they are', wouldBe: 'A new first key after seven days' },
  ],
  'panel.invite': (_, { sitting }) => seats(sitting, 1),
  'panel.remove': (_, { sitting, termUntil }) => [
    {
      what: 'Term',
      today: typeof termUntil === 'string' ? `Until ${dayText(termUntil)}` : 'Without end',
      wouldBe: 'Ended',
    },
    ...seats(sitting, -1),
  ],
  'orders.execute': ({ effect }, { state }) => [
    {
      what: 'State of the record',
      ...(typeof state === 'string' ? { today: sentence(state) } : {}),
      wouldBe: effect === 'end' ? 'Ended' : 'Suspended',
    },
  ],
};

const seats = (sitting: unknown, more: number): Change[] => [
  { what: 'Panel', today: seated(Number(sitting)), wouldBe: seated(Number(sitting) + more) },
];

const seated = (n: number): string => counted(n, 'reviewer sits', 'reviewers sit');

/** Members within members in lines of their own. */
const flat = (input: Values, prefix = ''): [string, unknown][] =>
  Object.entries(input).flatMap(([name, value]): [string, unknown][] => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isGroup ? flat(value as Values, path) : [[path, value]];
  });

/** A member such as `registration.contacts.dataProtection` in words: data protection. */
const labelOf = (path: string): string =>
  sentence(
    (path.split('.').at(-1) ?? '').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
  );

const instants = new Set(['termUntil', 'date', 'opensAt', 'since', 'until']);
const codes = new Set(['what', 'why', 'effect', 'body', 'explained', 'legalBasis']);

function textOf(path: string, value: unknown): string {
  const name = path.split('.').at(-1) ?? '';
  if (Array.isArray(value)) {
    return value.map((one) => textOf(name, one)).join(', ') || 'None';
  }
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'number') {
    return instants.has(name)
      ? dayText(new Date(value * 1000).toISOString())
      : value.toLocaleString();
  }
  if (typeof value !== 'string') {
    return Object.entries({ ...(value as object | null) })
      .map(([member, one]) => `${words(member)} ${textOf(member, one)}`)
      .join(', ');
  }
  return codes.has(name) ? sentence(value === 'both' ? 'submissions and checks' : value) : value;
}
