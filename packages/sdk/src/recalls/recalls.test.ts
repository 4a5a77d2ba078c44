import type { RecallRecord } from '@recourse/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, connected, type ConnectedClients } from '../../tests/connected.ts';
import { sanctionA } from '../../tests/fake-registry.ts';

const recallOf = (n: number, overrides: Partial<RecallRecord> = {}): RecallRecord => ({
  recall: `rcl_01hzy3v7q8e9k4m5n6p7r8s9t${n}`,
  kind: 'undo',
  sanction: sanctionA,
  version: 3,
  issuedAt: '2026-03-01T12:00:00Z',
  dueAt: '2026-03-04T12:00:00Z',
  told: [],
  ...overrides,
});

let at: ConnectedClients;
beforeEach(async () => {
  at = await connected();
});

/** Answers page after page; the cursor is the number of the page. */
function pages(...lists: readonly RecallRecord[][]): void {
  at.registry.handlers.set('recalls.list', ({ payload }) => {
    const page = Number((payload.in as { cursor?: string }).cursor ?? 0);
    const next = page + 1 < lists.length ? { next: String(page + 1) } : {};
    return { result: { recalls: lists[page] ?? [], ...next } };
  });
}

async function openOnes(): Promise<string[]> {
  const ids: string[] = [];
  for await (const { recall } of at.recourse.recalls.open()) ids.push(recall);
  return ids;
}

describe('open recalls', () => {
  it('come page by page, the closed ones left out', async () => {
    const at12 = '2026-03-01T12:00:00Z';
    pages(
      [recallOf(0), recallOf(1, { acknowledged: { at: at12, action: 'undone' } })],
      [recallOf(2, { supersededBy: recallOf(3).recall }), recallOf(3)],
    );
    expect(await openOnes()).toEqual([recallOf(0).recall, recallOf(3).recall]);
  });

  it('end where a cursor comes back', async () => {
    at.registry.handlers.set('recalls.list', () => ({
      result: { recalls: [recallOf(0)], next: 'again' },
    }));
    expect(await codeOf(openOnes)).toBe('answer-invalid');
  });

  it('are acknowledged by the plain operation, with the key that the act needs', async () => {
    const { recall } = recallOf(0);
    at.registry.handlers.set('recalls.acknowledge', () => ({
      result: { recall, acknowledgedAt: '2026-03-01T12:00:00Z', open: 0, checksStopped: false },
    }));
    const act = { recall, action: 'refusal-lifted', copies: 'deleted' } as const;
    await at.recourse.recalls.acknowledge(act, { as: 'trust' });
    expect(at.registry.received[0]?.key.kid).toBe(at.trust.kid);
  });
});
