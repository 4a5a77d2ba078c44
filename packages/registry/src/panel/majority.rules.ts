import { panelRules, type PanelKind, type PanelOutcome } from '@recourse/protocol';

/** The harsher outcome needs all votes, and a majority of them; everything else comes to the milder one. */
export function majorityOf(kind: PanelKind, votes: readonly PanelOutcome[]): PanelOutcome {
  const { votes: needed, harsher, milder } = panelRules[kind];
  const harsh = votes.filter((vote) => vote === harsher).length;
  return votes.length >= needed && harsh * 2 > needed ? harsher : milder;
}
