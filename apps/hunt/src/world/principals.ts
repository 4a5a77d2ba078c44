import type { IdentifierKind } from '@recourse/protocol';
import type { TestKey, TestPlatform, TestRegistry } from '@recourse/testkit';

export type Kind = 'platform' | 'reviewer' | 'operator' | 'person';

/** One will: a platform with all of its keys, a reviewer, an operator, a person with their addresses. */
export interface Principal {
  readonly name: string;
  readonly kind: Kind;
  readonly platform?: TestPlatform;
  /** Of the support desk of a platform */
  readonly support?: TestKey;
  /** Of a reviewer or an operator */
  readonly key?: TestKey;
  /** Of a person */
  readonly identifiers: readonly Identifier[];
}

export interface Identifier {
  readonly kind: IdentifierKind;
  readonly value: string;
}

/** People of every history. Whoever is an enemy is drawn; the victim and the sharer are never. */
export const people = ['victim', 'sharer', 'accused', 'friend', 'flatmate'] as const;
export type Person = (typeof people)[number];

const identifiersOf = (name: Person, at: number): Identifier[] => [
  { kind: 'email', value: `${name}@mail.example` },
  { kind: 'domain', value: `${name}.example` },
  { kind: 'account', value: `acct:${name}@tubely.example` },
  { kind: 'account', value: `acct:${name}@harbour.example` },
  { kind: 'phone', value: `+3161234567${at}` },
];

/** Somebody beside the cast, whom a platform has a record about: they read their mail and do nothing else. */
export function guestOf(name: string): Principal | undefined {
  const at = /^guest-(\d\d)$/.exec(name)?.[1];
  if (at === undefined) return undefined;
  const identifiers: Identifier[] = [
    { kind: 'email', value: `${name}@mail.example` },
    { kind: 'phone', value: `+316123457${at}` },
  ];
  return { name, kind: 'person', identifiers };
}

/** Whose mailbox or number it is, where it is that of a guest. */
export function guestAt(address: string): Principal | undefined {
  const at = /^(?:guest-|\+316123457)(\d\d)/.exec(address)?.[1];
  return at === undefined ? undefined : guestOf(`guest-${at}`);
}

const platform = (name: string, party: TestPlatform): Principal => ({
  name,
  kind: 'platform',
  platform: party,
  identifiers: [],
});
const keyed = (kind: 'reviewer' | 'operator', keys: readonly TestKey[]): Principal[] =>
  keys.map((key, at) => ({
    name: `${kind}-${at + 1}`,
    kind,
    key,
    identifiers: [],
  }));

/** Who is there beside the parties of every test. */
export interface Seated {
  readonly newcomer: TestPlatform;
  readonly support: TestKey;
}

/** The cast of a history. */
export function castOf(registry: TestRegistry, seated: Seated): readonly Principal[] {
  const { newcomer, support } = seated;
  const { harbour, tubely, market, operator, panel, reserve } = registry.parties;
  return [
    platform('harbour', harbour),
    platform('tubely', tubely),
    { ...platform('market', market), support },
    platform('newcomer', newcomer),
    ...keyed('reviewer', [...panel, ...reserve]),
    ...keyed('operator', operator),
    ...people.map((name, at): Principal => ({
      name,
      kind: 'person',
      identifiers: identifiersOf(name, at),
    })),
  ];
}
