import {
  caseOps,
  mayCarry,
  ops,
  publicOps,
  roles,
  type CaseOperation,
  type Operation,
  type Role,
} from '@recourse/protocol';

/** `docs/roles.md`: which key reaches which operation, as the tables of operations have it. */
export function rolesPage(): string {
  const signed = Object.entries<Operation>(ops).map(([name, op]) =>
    row([`\`${name}\``, ...roles.map((role) => reachOf(op, role)), no, no]),
  );
  const acts = Object.entries<CaseOperation>(caseOps).map(([name, op]) =>
    row([`\`${name}\``, 'yes', withoutKey(op)]),
  );
  const unsigned = Object.keys(publicOps).map((name) =>
    row([`\`${name}\``, 'with an invite', 'with an invite']),
  );
  return [...HEAD, ...signed, ...CASE_HEAD, ...acts, ...unsigned].join('\n') + '\n';
}

const no = 'no';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const HEAD = [
  '# Roles',
  '',
  'Which key reaches which operation. The registry refuses every other key with `role-not-allowed`, before it reads the',
  'input. A test tries every operation with every role and expects the answer of this page. `npm run docs` writes',
  'the page from the tables of `@recourse/protocol`; change it there. [Operations](operations.md) says what each one does.',
  '',
  '- _yes_: every key of the role. The operation then finds records of its own party alone, and a few ask for more: their',
  '  line in [Operations](operations.md) says so.',
  '- _admin_: only an admin key of the role.',
  '- A _claimant_ has the key of a case. _Nobody_ has neither a key that the registry knows nor a secret of a case.',
  '',
  '## Of parties',
  '',
  row(['operation', ...roles, 'claimant', 'nobody']),
  `|${'---|'.repeat(roles.length + 3)}`,
];

const CASE_HEAD = [
  '',
  '## Of the creator',
  '',
  'No role reaches these: the registry knows no such signed operation. Whoever has the secret in the body acts, and a',
  'secret opens its own case alone.',
  '',
  '| operation | claimant | nobody |',
  '|---|---|---|',
];

function reachOf(op: Operation, role: Role): string {
  if (mayCarry(op, { role, admin: false })) return 'yes';
  return mayCarry(op, { role, admin: true }) ? 'admin' : no;
}

/** Way to open the act for somebody who is no claimant yet. */
function withoutKey({ input }: CaseOperation): string {
  const { properties = {} } = input.toJSONSchema({ io: 'input' });
  if ('key' in properties) return no;
  if ('code' in properties || 'secret' in properties) return 'with a code';
  return 'find' in properties ? 'with a proof' : 'yes';
}
