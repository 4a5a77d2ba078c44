import {
  caseOps,
  fromUtf8,
  openingSchema,
  ProtocolError,
  parseStrictJson,
  utf8,
  type CaseOutput,
  type Opening,
} from '@recourse/protocol';

/** A kept answer of `case.receipt`. */
export interface CaseReceipt extends Omit<CaseOutput<'case.receipt'>, 'openings'> {
  readonly openings: readonly Opening[];
  /** `.tlog-proof` by leaf hash (base64url), where they were kept with it */
  readonly proofs: Readonly<Record<string, string>>;
}

/** @returns undefined for anything but a receipt of a case with its ledger entries */
export function readCaseReceipt(text: string): CaseReceipt | undefined {
  const json = parsed(text);
  const receipt = caseOps['case.receipt'].output.safeParse(json);
  const openings = openingSchema.array().min(1).safeParse(receipt.data?.openings);
  if (!receipt.success || !openings.success) return undefined;
  return { ...receipt.data, openings: openings.data, proofs: proofsOf(json) };
}

function parsed(text: string): unknown {
  try {
    return parseStrictJson(utf8(text));
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function proofsOf(json: unknown): Record<string, string> {
  const { proofs } = json as { proofs?: unknown };
  const entries = Object.entries(typeof proofs === 'object' && proofs !== null ? proofs : {});
  return Object.fromEntries(
    entries.flatMap(([leaf, proof]: [string, unknown]) =>
      typeof proof === 'string' ? [[leaf, proof]] : [],
    ),
  );
}

/** The receipt with its proofs: a file that is verified without the registry. */
export const withProofs = (text: string, proofs: ReadonlyMap<string, Uint8Array>): string => {
  const receipt = JSON.parse(text) as object;
  const texts = Object.fromEntries([...proofs].map(([leaf, proof]) => [leaf, fromUtf8(proof)]));
  return `${JSON.stringify({ ...receipt, proofs: texts }, null, 2)}\n`;
};
