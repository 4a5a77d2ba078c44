import type { Problem } from '@recourse/protocol';
import { invalid } from '../../kernel/refusal.ts';
import type { AskedTokens } from '../../commit/effects.ts';

/**
 * A check bounds what is asked under it: as many distinct tokens as it evaluated, over all of its questions. A token that
 * was asked before counts nothing. Tokens are attacker-controlled, and one that is made up looks like any other.
 * @param questions that commit together, in the order they came
 * @returns the places of those that go beyond, each with its refusal
 */
export function refuseBeyond(
  questions: readonly (AskedTokens | undefined)[],
): Map<number, Problem> {
  const refused = new Map<number, Problem>();
  const askedUnder = new Map<string, ReadonlySet<number>>();
  for (const [place, question] of questions.entries()) {
    if (!question) continue;
    const { check, known, marks, evaluated } = question;
    const before = askedUnder.get(check) ?? new Set();
    const asked = new Set([...before, ...known, ...marks]);
    if (asked.size > evaluated) refused.set(place, invalid('tokens', 'evaluate-first'));
    else askedUnder.set(check, asked);
  }
  return refused;
}
