import {
  entrySchema,
  fromUtf8,
  jcs,
  parseStrictJson,
  ProtocolError,
  type Entry,
} from '@recourse/protocol';

/**
 * An entry as the ledger has it: JSON without ambiguity, of the schema, and in the one spelling of RFC 8785.
 * @returns undefined for anything else
 */
export function readEntry(bytes: Uint8Array): Entry | undefined {
  try {
    const { success, data } = entrySchema.safeParse(parseStrictJson(bytes));
    return success && jcs(data) === fromUtf8(bytes) ? data : undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
