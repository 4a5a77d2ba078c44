import { expect } from 'vitest';
import type { TestAnswer } from '@recourse/testkit';
import type { Act } from './acts.ts';
import type { Model } from './model.ts';
import type { RegistryRun } from './registry-run.ts';

export type Performer<A extends Act> = (run: RegistryRun, model: Model, act: A) => Promise<void>;
export type Performers<K extends Act['act']> = {
  readonly [One in K]: Performer<Extract<Act, { act: One }>>;
};

/** The registry does what the model allows, and refuses the rest. */
export function agree(
  model: Model,
  answer: TestAnswer,
  expected: { allowed: boolean; act: string },
): boolean {
  const { allowed, act } = expected;
  // A fault is never a refusal.
  expect({ act, isFault: answer.status >= 500 && !isOverloaded(answer) }).toEqual({
    act,
    isFault: false,
  });
  expect({ act, done: answer.status === 200, answer: allowed ? answer.raw.body : '' }).toEqual({
    act,
    done: allowed,
    answer: allowed ? answer.raw.body : '',
  });
  if (allowed) model.done.add(act);
  return allowed;
}

const isOverloaded = ({ body }: TestAnswer): boolean => String(body.type).endsWith('/overloaded');
