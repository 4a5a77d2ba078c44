import type { Act } from '../play.ts';

const world = 'operator-2';

/** Mail arrives, holds end, and honest platforms ask about everybody: where enemies changed something, it shows. */
export function lastLooks(enemies: ReadonlySet<string>): Act[] {
  const acts: Act[] = [];
  const add = (by: string, op: Act['op'], more: Partial<Pick<Act, 'refs' | 'literals'>> = {}) => {
    const id = `s-last-${acts.length}`;
    acts.push({ id, by, op, refs: {}, literals: {}, ...more });
    return id;
  };
  add(world, 'world.mail');
  add(world, 'world.wait', { literals: { hours: 72 } });
  add(world, 'world.jobs');
  add(world, 'world.wait', { literals: { hours: 24 } });
  const checkers = ['market', 'tubely', 'harbour'].filter((name) => !enemies.has(name));
  for (const by of checkers) {
    for (const about of ['victim', 'sharer', 'accused']) {
      const asked = add(by, 'checks.evaluate', { literals: { about, purpose: 'signup' } });
      add(by, 'checks.match', { refs: { check: `${asked}/check/0` } });
    }
  }
  return acts;
}
