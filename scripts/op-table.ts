import { caseOps, ops, type CaseOperation, type Operation } from '@recourse/protocol';

/** `docs/operations.md`: every operation as the tables have it, in their order. */
export function operationsPage(): string {
  const signed = Object.entries<Operation>(ops).map(([name, op]) => rowOf(name, op));
  const ofCases = Object.entries<CaseOperation>(caseOps).map(([name, op]) => caseRowOf(name, op));
  return [...HEAD, ...signed, ...CASE_HEAD, ...ofCases].join('\n') + '\n';
}

const HEAD = [
  '# Operations',
  '',
  'Written by `scripts/op-table.ts` from `ops` and `caseOps` of `@recourse/protocol`, the one source: do not edit. The test',
  '`scripts/op-table.test.ts` fails when this page is not what the script writes. Calls, order of checks and problems are',
  'in [protocol.md](protocol.md).',
  '',
  '- _read_ and _mutation_: reads are audited in groups and refused when repeated; mutations are answered in the',
  '  transaction of their change, and a retry gets the stored answer.',
  '- _admin_: only an admin key of the party. _Two holders_: the first call proposes, the same call by another operator',
  '  holder within 72 h executes.',
  '- `name?` may be left out. `name[1..64]` is a list with its bounds. Alternatives are apart by "or".',
  '',
  '| operation | kind | who | what it does | in | result |',
  '|---|---|---|---|---|---|',
];

const CASE_HEAD = [
  '',
  '## Of the creator',
  '',
  'Unsigned: `POST /trpc/<operation>` with the input as JSON. Whoever has the secret in it acts; secrets stand in bodies only.',
  '`jti` is made by the client, once an act: a repeated body gets the first answer. Audited and receipted as `case`.',
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

/** What JSON Schema says of one level of an object or of a list. */
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
  return (node.oneOf ?? node.anyOf ?? [node]).map((one) => membersIn(one)).join(' or ');
}

function membersIn({ properties = {}, required = [] }: Node): string {
  const members = Object.entries(properties).map(
    ([name, node]) => `\`${name}${required.includes(name) ? '' : '?'}${boundsOf(node)}\``,
  );
  return members.length === 0 ? 'nothing' : members.join(', ');
}

function boundsOf({ type, minItems = 0, maxItems }: Node): string {
  if (type !== 'array') return '';
  return maxItems === undefined ? '[]' : `[${minItems}..${maxItems}]`;
}

// Usage: node --conditions=@recourse/source scripts/op-table.ts > docs/operations.md
if (import.meta.main) process.stdout.write(operationsPage());
