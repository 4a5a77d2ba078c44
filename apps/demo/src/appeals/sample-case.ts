import {
  bytesOfRows,
  openingsInJournal,
  packFile,
  readPack,
  writePack,
  type KeptOpenings,
} from '@recourse/cli';
import type { AppealGround, Id } from '@recourse/protocol';
import type { EvidenceDelivery, Recourse } from '@recourse/sdk';
import { newCaseKey } from '@recourse/sdk/case';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sanctionsIn, type ImportedSamples } from '../import-samples.ts';

/** One record about a creator who appeals, with what each side keeps of it. */
export interface SampleCase {
  readonly sanction: string;
  readonly domain: string;
  /** How the creator comes to the case */
  readonly way: 'code' | 'proof';
  /** As the notice brought it */
  readonly code: string;
  /** Made by the creator when they come */
  readonly secret: string;
  /** Key that opens the case for this creator: the secret, and a number where a proof opened the case */
  key: string;
  readonly ground: AppealGround;
  readonly words: string;
  readonly answer: string;
  readonly kept: KeptOpenings;
  readonly importFile: string;
  /** Set when the appeal is opened */
  appeal?: Id<'apl'>;
}

/** All but `minor`: no record of the samples is about one. */
const grounds = [
  'not-me',
  'facts-wrong',
  'expression',
  'recycled',
  'disproportionate',
  'wrong-reason',
  'procedure',
  'authority',
] as const satisfies readonly AppealGround[];

/** The first so many records of an import. */
export async function sampleCases(
  { journal, caseCodes, file }: ImportedSamples,
  selection: { domains: readonly string[]; count: number },
): Promise<SampleCase[]> {
  const sanctions = sanctionsIn({ journal });
  const chosen = Array.from({ length: selection.count }, (_, index) => sanctions.get(index) ?? '');
  const codes = codesIn(caseCodes);
  const journalled = await openingsInJournal(journal, new Set(chosen));
  return chosen.map((sanction, index): SampleCase => {
    const openings = journalled.get(sanction);
    const domain = selection.domains[index];
    const code = codes.get(sanction);
    if (!openings || domain === undefined || code === undefined) throw new Error('no such record');
    const ground = grounds[index % grounds.length] ?? 'not-me';
    const secret = newCaseKey();
    return {
      sanction,
      domain,
      way: index % 2 === 0 ? 'proof' : 'code',
      code,
      secret,
      key: secret,
      ground,
      ...wordsOf(index),
      kept: openings,
      importFile: file,
    };
  });
}

const wordsOf = (index: number): { words: string; answer: string } => ({
  words: `Sample appeal ${index}: the page was taken over by somebody else, and I took it down the same day.`,
  answer: `Sample answer ${index}: my provider's log shows who uploaded it, and it was not me.`,
});

function codesIn(path: string): Map<string, string> {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const { sanction, case_code: code } = JSON.parse(line) as Record<string, string>;
      return [sanction ?? '', code ?? ''];
    }),
  );
}

/** Harbour packs the evidence of a record as `recourse evidence pack` does: by the rows that were imported. */
export async function packOf(dir: string, { kept, importFile }: SampleCase): Promise<string> {
  const pack = join(dir, 'packs', kept.sanction);
  if (existsSync(join(pack, packFile))) return pack;
  const candidates = await bytesOfRows(importFile, kept.externalId ?? '');
  writePack(pack, { kept, candidates });
  return pack;
}

export function deliverPack(
  harbour: Recourse,
  delivery: { appeal: Id<'apl'>; pack: string },
): Promise<EvidenceDelivery> {
  const evidence = readPack(delivery.pack).map(({ bytes: source, ...opening }) => ({
    source,
    opening,
  }));
  return harbour.evidence.deliver({ appeal: delivery.appeal, evidence });
}
