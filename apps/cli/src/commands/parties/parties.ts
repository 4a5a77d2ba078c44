import { command } from '../../command.ts';
import { CliError } from '../../errors.ts';
import { getJson } from '../../get-json.ts';
import { publicUrl } from '../../profile/resolve-identity.ts';
import { printable } from '../../terminal.ts';
import {
  attestCommand,
  demandCommand,
  leaveCommand,
  objectCommand,
  reenrolCommand,
} from './acts.ts';

export const partiesCommand = command(
  {
    name: 'parties',
    about: 'who takes part in the registry, as its public directory says',
    commands: [objectCommand, demandCommand, attestCommand, leaveCommand, reenrolCommand],
  },
  async (_, { terminal, options, environment }) => {
    const url = await publicUrl(options, environment);
    const parties = partiesOf(await getJson(`${url}/parties`));
    terminal.result({ parties }, () =>
      terminal.table(
        ['party', 'name', 'group', 'domain', 'standing', 'submits'],
        parties.map((party) => rowOf(party)),
      ),
    );
  },
);

type Party = Readonly<Record<string, unknown>>;

function partiesOf(json: unknown): Party[] {
  const { parties } = json as { parties?: unknown };
  if (Array.isArray(parties)) return parties.map((party: unknown) => ({ ...(party as object) }));
  throw new CliError('registry-answer-invalid', {
    message: 'The directory of the registry cannot be read.',
    next: 'Check that a registry of this version runs there.',
  });
}

function rowOf(party: Party): string[] {
  const registration = { ...(party['registration'] as Party | null | undefined) };
  const text = (name: string): string => {
    const value = party[name] ?? registration[name];
    return typeof value === 'string' ? printable(value) : '';
  };
  const isCheckOnly = (party['checkOnly'] ?? registration['checkOnly']) === true;
  const submits = text('domain') === '' ? '' : isCheckOnly ? 'no' : 'yes';
  const { state } = { ...(party['membership'] as Party | undefined) };
  const standing = typeof state === 'string' ? printable(state) : '';
  return [text('id'), text('name'), text('group'), text('domain'), standing, submits];
}
