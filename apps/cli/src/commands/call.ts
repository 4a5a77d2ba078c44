import { ops, type OpName, type Operation } from '@recourse/protocol';
import { Command } from 'commander';
import { contextOf } from '../context.ts';
import type { Environment } from '../environment.ts';
import { parseJson, readJsonInput } from '../read-json-input.ts';

/** Every operation of the op table as it is, for scripts and for what has no command of its own. */
export function callCommand(environment: Environment): Command {
  const command = new Command('call').description(
    'call any operation with JSON, verified like everything else',
  );
  for (const [name, operation] of Object.entries(ops)) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a name of the op table
    command.addCommand(operationCommand(name as OpName, { operation, environment }));
  }
  return command;
}

function operationCommand(
  name: OpName,
  { operation, environment }: { operation: Operation; environment: Environment },
): Command {
  const schema = JSON.stringify(operation.input.toJSONSchema({ io: 'input' }), null, 2);
  return new Command(name)
    .description(operation.summary)
    .summary(`${operation.summary} [${whoMay(operation)}]`)
    .argument('[json]', 'the input: JSON, @FILE, or - for stdin; {} when absent')
    .option(
      '--idem <key>',
      'idempotency key of a mutation: the same call again has no second effect',
    )
    .addHelpText('after', `\nFor: ${whoMay(operation)}\nInput:\n${schema}`)
    .action(async (json: string | undefined, { idem }: { idem?: string }, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const input = await inputOf(json);
      const recourse = await connect();
      // The input was read from outside: the SDK parses it by the schema of the operation before it signs.
      const answer = await recourse.session.transport.sendUntyped(name, input, { idem });
      const document = {
        result: answer.result,
        receipt: answer.receipt.header,
        ...(answer.changes ? { changes: answer.changes } : {}),
      };
      terminal.result(document, () => terminal.line(JSON.stringify(answer.result, null, 2)));
    });
}

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
