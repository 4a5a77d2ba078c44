import type { Act } from '../play.ts';
import type { Play } from './replay.ts';

/** A find as a test: it replays the acts, and fails as long as the last of them breaks the law. */
export function printTest({ acts, enemies, broken }: Play): string {
  const lines = acts.map((act) => `    ${printAct(act)},`);
  return [
    `test('${broken.law}: ${broken.kind}', async () => {`,
    `  // ${broken.what}.`,
    `  const enemies = [${enemies.map((name) => `'${name}'`).join(', ')}];`,
    `  const broken = { law: '${broken.law}', kind: '${broken.kind}', what: '' } as const;`,
    '  const acts: Act[] = [',
    ...lines,
    '  ];',
    '  expect(await replay(world, { acts, enemies, broken })).toBeUndefined();',
    '});',
  ].join('\n');
}

function printAct({ id, by, op, refs, literals }: Act): string {
  return `{ id: '${id}', by: '${by}', op: '${op}', refs: ${block(refs)}, literals: ${block(literals)} }`;
}

function block(literal: object): string {
  const members = Object.entries(literal).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? `'${value}'` : String(value)}`,
  );
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
