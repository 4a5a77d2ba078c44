import { panelRules, type PanelKind, type PanelOutcome } from '@recourse/protocol';

/** The cases that a majority of all votes names: one reviewer alone strikes nothing. */
export function struckBy(kind: PanelKind, votes: readonly (readonly string[])[]): string[] {
  const { votes: needed } = panelRules[kind];
  if (votes.length < needed) return [];
  const named = votes.flatMap((cases) => [...new Set(cases)]);
  return [...new Set(named)].filter(
    (one) => named.filter((other) => other === one).length * 2 > needed,
  );
}

/** The harsher outcome needs all votes, and a majority of them; everything else comes to the milder one. */
export function majorityOf(kind: PanelKind, votes: readonly PanelOutcome[]): PanelOutcome {
  const { votes: needed, harsher, milder } = panelRules[kind];
  const harsh = votes.filter((vote) => vote === harsher).length;
  return votes.length >= needed && harsh * 2 > needed ? harsher : milder;
}
