import { ops, type OpName, type Operation } from '@recourse/protocol';
import { answerShown } from '../answer-shown.ts';
import { command, group, type Create } from '../command.ts';
import { choice, optional, text } from '../options.ts';
import { parseJson, readJsonInput } from '../profile/private-file.ts';

const operationCommand = (name: OpName, operation: Operation): Create =>
  command(
    {
      name,
      about: operation.summary,
      summary: `${operation.summary} [${whoMay(operation)}]`,
      args: {
        json: optional(text('json', 'the input: JSON, @FILE, or - for stdin; {} when absent')),
      },
      flags: {
        role: optional(choice(operation.roles, 'of the key that signs, where several may')),
        idem: optional(
          text('key', 'idempotency key of a mutation: the same call again has no second effect'),
        ),
      },
      help: () =>
        `For: ${whoMay(operation)}\nInput:\n${JSON.stringify(operation.input.toJSONSchema({ io: 'input' }), null, 2)}`,
    },
    async ({ json, role, idem }, { terminal, connect }) => {
      const input = await inputOf(json);
      const { session } = await connect();
      // The input was read from outside: the SDK parses it by the schema of the operation before it signs.
      const { result, receipt, changes } = await session.transport.sendUntyped(name, input, {
        as: role,
        idem,
      });
      const document = { result, receipt: receipt.header, ...(changes && { changes }) };
      terminal.result(document, () => answerShown(operation.output, result));
    },
  );

/** Roles whose keys may carry the call. */
function whoMay({ roles, admin, twoHolders, kind }: Operation): string {
  const who = admin ? `admin key of ${roles.join(', ')}` : roles.join(', ');
  return `${kind}; ${who}${twoHolders ? '; two holders' : ''}`;
}

function inputOf(json = '{}'): Promise<unknown> {
  if (json === '-') return readJsonInput('-');
  if (json.startsWith('@')) return readJsonInput(json.slice(1));
  return Promise.resolve(parseJson(json));
}

/** Every operation of the op table as it is, for scripts and for what has no command of its own. */
export const callCommand = group({
  name: 'call',
  about: 'call any operation with JSON, verified like everything else; --json shows its receipt',
  commands: Object.entries(ops).map(([name, operation]) =>
    operationCommand(name as OpName, operation),
  ),
});
