import { bounds, deadlinesOf, type BoundName, type Deadlines } from '@recourse/registry';
import { ServerError } from './errors.ts';

/**
 * The deadlines of an environment, `holdHours` by `RECOURSE_HOLD_HOURS`, each within its bounds; only a sandbox leaves
 * them, whose statements are worthless elsewhere.
 * @throws ServerError `config_invalid`
 */
export function readDeadlines(
  env: Readonly<Record<string, string | undefined>>,
  mode: 'sandbox' | 'production',
): Deadlines {
  const configured: Partial<Record<BoundName, number>> = {};
  for (const name of Object.keys(bounds).filter(isBound)) {
    const text = env[variableOf(name)];
    if (!text) continue;
    configured[name] = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    assertBound(configured, name, mode);
  }
  return deadlinesOf(configured, { sandbox: mode === 'sandbox' });
}

const isBound = (name: string): name is BoundName => Object.hasOwn(bounds, name);

const variableOf = (name: BoundName): string =>
  `RECOURSE_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

function assertBound(
  configured: Partial<Record<BoundName, number>>,
  name: BoundName,
  mode: 'sandbox' | 'production',
): void {
  try {
    deadlinesOf({ [name]: configured[name] }, { sandbox: mode === 'sandbox' });
  } catch (cause) {
    const { floor, ceiling } = bounds[name];
    const message = `${variableOf(name)} takes a number from ${floor} to ${ceiling}.`;
    throw new ServerError('config_invalid', message, { cause });
  }
}
