import {
  appealRecord,
  caseOps,
  inspectionRecord,
  ops,
  proposal,
  type CaseOperation,
  type Operation,
} from '@recourse/protocol';

/** `docs/operations.md`: every operation as the tables have it, in their order. */
export function operationsPage(): string {
  const signed = Object.entries<Operation>(ops).map(([name, op]) => rowOf(name, op));
  const ofCases = Object.entries<CaseOperation>(caseOps).map(([name, op]) => caseRowOf(name, op));
  return [...HEAD, ...signed, ...CASE_HEAD, ...ofCases].join('\n') + '\n';
}

/** Members that several answers share, by the name that stands for them in the tables. */
const shared: Readonly<Record<string, readonly string[]>> = {
  _appeal_: membersIn(appealRecord.toJSONSchema({ io: 'input' }) as Node),
  _inspection_: membersIn(inspectionRecord.toJSONSchema({ io: 'input' }) as Node),
};

const HEAD = [
  '# Operations',
  '',
  'Every operation of the registry, with its input and its result. [The wire](protocol.md) says how to call one, and what a',
  'refusal means. `npm run docs` writes this page from `ops` and `caseOps` of `@recourse/protocol`; change it there.',
  '',
  '- The registry refuses a repeated _read_. It answers a repeated _mutation_ with the stored answer.',
  '- _admin_: only an admin key of the party may call it.',
  '- _two holders_: the first call proposes, the same call by another operator holder within 72 h executes.',
  '- `name?` may be left out. `name[1..64]` is a list with its bounds. Alternatives are separated by "or".',
  '',
  '| name | stands for |',
  '|---|---|',
  `| _proposal_ | ${proposals()} |`,
  ...Object.entries(shared).map(([name, members]) => `| ${name} | ${members.join(', ')} |`),
  '',
  '## Of parties',
  '',
  '| operation | kind | who | what it does | in | result |',
  '|---|---|---|---|---|---|',
];

const CASE_HEAD = [
  '',
  '## Of the creator',
  '',
  'These calls are unsigned: `POST /trpc/<operation>` with the input as JSON. Anybody with the secret in it acts. Secrets',
  'stand in bodies only. The client makes a `jti` for each act; a repeated body gets the first answer.',
  '',
  '| operation | kind | what it does | in | result |',
  '|---|---|---|---|---|',
];

function caseRowOf(name: string, op: CaseOperation): string {
  const cells = [`\`${name}\``, op.kind, op.summary, membersOf(op.input), membersOf(op.output)];
  return `| ${cells.join(' | ')} |`;
}

function rowOf(name: string, op: Operation): string {
  const who = [op.roles.join(', '), op.admin && 'admin', op.twoHolders && 'two holders'];
  const cells = [
    `\`${name}\``,
    op.kind,
    who.filter(Boolean).join('; '),
    op.summary,
    membersOf(op.input),
    membersOf(op.output),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** One level of an object or of a list, as JSON Schema describes it. */
interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly Node[];
  readonly anyOf?: readonly Node[];
  readonly type?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
}

function membersOf(schema: Operation['input']): string {
  const node = schema.toJSONSchema({ io: 'input' }) as Node;
  const shown = (node.oneOf ?? node.anyOf ?? [node]).map((one) => shortened(membersIn(one)));
  const text = shown.map((members) => members.join(', ') || 'nothing').join(' or ');
  return text === proposals() ? '_proposal_' : text;
}

/** With one name in the place of the members that several answers share. */
function shortened(members: readonly string[]): readonly string[] {
  for (const [name, list] of Object.entries(shared)) {
    if (list.every((member) => members.includes(member)))
      return [name, ...members.filter((member) => !list.includes(member))];
  }
  return members;
}

function proposals(): string {
  const { oneOf = [] } = proposal.toJSONSchema({ io: 'input' }) as Node;
  return oneOf.map((one) => membersIn(one).join(', ')).join(' or ');
}

function membersIn({ properties = {}, required = [] }: Node): string[] {
  return Object.entries(properties).map(
    ([name, node]) => `\`${name}${required.includes(name) ? '' : '?'}${boundsOf(node)}\``,
  );
}

function boundsOf({ type, minItems = 0, maxItems }: Node): string {
  if (type !== 'array') return '';
  return maxItems === undefined ? '[]' : `[${minItems}..${maxItems}]`;
}
