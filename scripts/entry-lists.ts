import { pairEntryTypes, publicEntryTypes, sanctionEntryTypes } from '@recourse/protocol';

const kinds = {
  'of a sanction': sanctionEntryTypes,
  'of a disclosure': pairEntryTypes,
  public: publicEntryTypes,
};

/** `docs/ledger.md` with each type of entry in the last column of its table of kinds. */
export const ledgerPage = (current: string): string =>
  Object.entries(kinds).reduce(
    (page, [kind, types]) =>
      page.replace(
        new RegExp(String.raw`^(\| ${kind} \|[^|]*\|).*\|$`, 'm'),
        (_, cells: string) => `${cells} ${types.map((type) => `\`${type}\``).join(', ')} |`,
      ),
    current,
  );

/** The client of that page with every type that has the members of its kind and no others. */
export function ledgerClient(current: string): string {
  const others = new Set(current.match(/^CHANGES = "(.*)"/m)?.[1]?.split(' '));
  // A finding owes recalls, too, and counts as no change.
  const plain = sanctionEntryTypes.filter((type) => type !== 'finding' && !others.has(type));
  return withList(withList(current, 'SANCTION', plain), 'PUBLIC', publicEntryTypes);
}

const withList = (text: string, name: string, types: readonly string[]): string =>
  text.replace(new RegExp(`^${name} = """[^"]*"""`, 'm'), `${name} = """${wrapped(types)}"""`);

/** Lines of at most 110 characters, indented from the second. */
function wrapped(types: readonly string[]): string {
  const lines: string[] = [];
  for (const type of types) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + type.length < 106)
      lines[lines.length - 1] = `${last} ${type}`;
    else lines.push(type);
  }
  return lines.join('\n    ');
}
