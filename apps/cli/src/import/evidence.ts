import { createReadStream, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { evidenceClassNames, maxEvidenceItems, utf8 } from '@recourse/protocol';
import type { Evidence } from '@recourse/sdk';
import { Cells, type RowIssue } from './cells.ts';
import type { RowGroup } from './read-rows.ts';

const maxBytes = 4 * 1024 * 1024;

/**
 * The evidence of a record: each row brings one item, as a file beside the import file or as text; a row that repeats
 * an item brings none. The bytes are read when they are committed to, and stay here.
 */
export function readEvidence(
  group: RowGroup,
  options: { dir: string; issues: RowIssue[] },
): Evidence[] {
  const items = new Map<string, Evidence>();
  for (const row of group) {
    const cells = new Cells(row, options.issues);
    if (row !== group[0] && cells.optional('evidence_class') === undefined) continue;
    const name = cells.oneOf('evidence_class', evidenceClassNames);
    const source = readSource(cells, options.dir);
    const count =
      cells.optional('evidence_count') === undefined
        ? undefined
        : cells.integer('evidence_count', { least: 1, most: 1_000_000 });
    if (name === undefined || source === undefined) continue;
    items.set(`${name} ${source.key}`, {
      class: name,
      count,
      from: source.from,
      get source() {
        return source.open();
      },
    });
  }
  if (items.size > maxEvidenceItems) {
    new Cells(group[0], options.issues).refuse('evidence_class', 'too-many-items');
  }
  return [...items.values()];
}

interface Source {
  readonly key: string;
  /** Its file, of what stands in one */
  readonly from?: string;
  readonly open: () => Evidence['source'];
}

function readSource(cells: Cells, dir: string): Source | undefined {
  const file = cells.optional('evidence_file');
  const text = cells.optional('evidence_text');
  if ((file === undefined) === (text === undefined)) {
    return cells.refuse('evidence_file', file === undefined ? 'required' : 'file-and-text');
  }
  if (text !== undefined) return { key: `text ${text}`, open: () => utf8(text) };
  const path = resolve(dir, file ?? '');
  const size = sizeOf(path);
  if (size === undefined) return cells.refuse('evidence_file', 'evidence-unreadable');
  if (size === 0 || size > maxBytes) {
    return cells.refuse('evidence_file', size === 0 ? 'too-small' : 'too-big');
  }
  return { key: `file ${path}`, from: path, open: () => createReadStream(path) };
}

function sizeOf(path: string): number | undefined {
  try {
    const stat = statSync(path);
    return stat.isFile() ? stat.size : undefined;
  } catch {
    return undefined;
  }
}
