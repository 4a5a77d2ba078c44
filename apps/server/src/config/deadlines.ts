import { bounds, deadlinesOf, type BoundName, type Deadlines } from '@recourse/registry';
import { ServerError } from '../errors.ts';
import type { Settings } from './settings.ts';

/**
 * The deadlines of an environment, `holdHours` by `RECOURSE_HOLD_HOURS`, each within its bounds; only a sandbox leaves
 * them, whose statements are worthless elsewhere.
 */
export function readDeadlines(settings: Settings, mode: 'sandbox' | 'production'): Deadlines {
  const sandbox = mode === 'sandbox';
  const configured: Partial<Record<BoundName, number>> = {};
  for (const name of Object.keys(bounds).filter(isBound)) {
    configured[name] = settings.take(variableOf(name), {
      preset: String(bounds[name].default),
      read: (text) => boundIn(text, { name, sandbox }),
    });
  }
  return deadlinesOf(configured, { sandbox });
}

const isBound = (name: string): name is BoundName => Object.hasOwn(bounds, name);

const variableOf = (name: BoundName): string =>
  `RECOURSE_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

function boundIn(text: string, { name, sandbox }: { name: BoundName; sandbox: boolean }): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  try {
    deadlinesOf({ [name]: value }, { sandbox });
    return value;
  } catch (cause) {
    const { floor, ceiling } = bounds[name];
    const message = `${variableOf(name)} takes a number from ${floor} to ${ceiling}.`;
    throw new ServerError('config_invalid', message, { cause });
  }
}
