import { bounds, forEachBound, type Deadlines } from '@recourse/protocol/review';
import { RegistryError } from './kernel/errors.ts';

/**
 * The deadlines of a configuration. Only a sandbox, whose statements are worthless elsewhere, leaves the bounds.
 * @throws RegistryError `configuration-invalid` naming the first value outside its bounds
 */
export function deadlinesOf(
  configured: Partial<Deadlines>,
  options: { sandbox: boolean },
): Deadlines {
  return forEachBound((name) => {
    const value = configured[name] ?? bounds[name].default;
    const { floor, ceiling } = options.sandbox ? { floor: 0, ceiling: Infinity } : bounds[name];
    if (value >= floor && value <= ceiling && Number.isFinite(value)) return value;
    throw new RegistryError('configuration-invalid', `${name} is out of bounds`);
  });
}
