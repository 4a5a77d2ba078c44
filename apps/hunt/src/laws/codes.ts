import type { Stage } from '../world/stage.ts';
import type { Moment } from './law.ts';

const day = 86_400;
const most = { claimant: 5, mailbox: 3 };

/** Five codes of a claimant and three to a mailbox in a day, which begins with the first of them. */
export function codesBeyond({ stage, act }: Moment): string | undefined {
  if (inDay(askedBy(stage, act.refs['claimant'])) > most.claimant)
    return `a claimant got more codes than ${most.claimant} a day`;
  const times = new Map<string, number[]>();
  for (const { to, about, expiresAt } of stage.registry.proofs.mails)
    if (about === 'contact')
      times.set(to, [...(times.get(to) ?? []), expiresAt.getTime() / 1000 - day]);
  const beyond = [...times].find(([, mailed]) => inDay(mailed) > most.mailbox);
  return beyond && `${beyond[0]} got more codes than ${most.mailbox} a day`;
}

/** Five codes are each claimant's own. */
export function codesOfOthers({ stage, act }: Moment) {
  const asked = inDay(askedBy(stage, act.refs['claimant']));
  if (act.op !== 'case.setContact' || asked >= most.claimant) return undefined;
  const what = `${act.by} asked for ${asked} codes, and gets no other`;
  return { law: 'own', kind: 'codes', what } as const;
}

const askedBy = (stage: Stage, claimant: string | undefined): number[] =>
  stage.facts.done
    .filter(({ op, refs }) => op === 'case.setContact' && refs['claimant'] === claimant)
    .map(({ at }) => at);

/** How many of the last day. The clock ticks between an act and the note of it. */
function inDay(times: readonly number[]): number {
  let [begun, n] = [Number.NEGATIVE_INFINITY, 0];
  for (const at of times) [begun, n] = at >= begun + day - 2 ? [at, 1] : [begun, n + 1];
  return n;
}
