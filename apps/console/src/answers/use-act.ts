import type { Recourse } from '@recourse/sdk';
import type { UseMutationResult } from '@tanstack/react-query';
import { useRequest } from '../registry/calls.ts';
import { useSay } from './answer.tsx';
import type { Said } from './said.ts';
import { sentences, type ActName, type FactsOf } from './sentences.ts';

/**
 * Does something that somebody signed. The desk reads anew what may have changed, and then says in one sentence what
 * happened: `run` gives the facts of that sentence.
 */
export function useAct<A extends ActName, I>(
  name: A,
  run: (recourse: Recourse, input: I) => Promise<FactsOf<A>>,
): UseMutationResult<FactsOf<A>, Error, I> {
  const say = useSay();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the facts of this name are those of its sentence
  const sentence = sentences[name] as (facts: FactsOf<A>) => Said;
  return useRequest(run, (facts) => say(sentence(facts)));
}
