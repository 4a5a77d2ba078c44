import { controls, identifierKinds, subjectLeaves, type IdentifierKind } from '@recourse/protocol';
import { canonicalize, IdentifierError } from '@recourse/protocol/identifiers';
import type { Creator, ProvenIdentifier } from '@recourse/sdk';
import { Cells, type RowIssue } from './cells.ts';
import type { RowGroup } from './group-rows.ts';

/** The identifiers of a record, one a row, each with how and when the platform itself proved control. */
export function readIdentifiers(group: RowGroup, issues: RowIssue[]): Creator<ProvenIdentifier> {
  const creator: Partial<Record<IdentifierKind, ProvenIdentifier[]>> = {};
  const seen = new Set<string>();
  for (const row of group) {
    const cells = new Cells(row, issues);
    const kind = cells.oneOf('kind', identifierKinds);
    const control = cells.oneOf('control', controls);
    const provenAt = cells.date('proven_at');
    const value = kind && readCanonical(cells, kind);
    if (kind === undefined || control === undefined || !provenAt || value === undefined) continue;
    if (seen.has(`${kind} ${value}`)) cells.refuse('identifier', 'duplicate-identifier');
    seen.add(`${kind} ${value}`);
    (creator[kind] ??= []).push({ value, control, provenAt });
  }
  if (seen.size > subjectLeaves) {
    new Cells(group[0], issues).refuse('identifier', 'too-many-identifiers');
  }
  return creator;
}

function readCanonical(cells: Cells, kind: IdentifierKind): string | undefined {
  const text = cells.text('identifier');
  if (text === undefined) return undefined;
  try {
    return canonicalize(kind, text);
  } catch (error) {
    return cells.refuse('identifier', error instanceof IdentifierError ? error.code : 'invalid');
  }
}
