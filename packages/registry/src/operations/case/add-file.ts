import {
  fromBase64url,
  maxCaseFileBytes,
  Problem,
  ProtocolError,
  toBase64url,
  type CaseInput,
  type CaseOutput,
} from '@recourse/protocol';
import { lockJoined } from '../../cases/access.ts';
import { insertFile, nextPosition } from '../../cases/added-store.ts';
import type { CaseContext } from '../../cases/context.ts';
import { fitsMediaType, nameOfType } from '../../cases/file-type.ts';
import { withoutMetadata } from '../../cases/without-metadata.ts';
import { invalid, refusal } from '../../kernel/refusal.ts';
import { fileRoom } from '../../review/join-store.ts';
import { placeOf } from '../../vault/vault.ts';

export async function addFile(
  ctx: CaseContext,
  input: CaseInput<'case.addFile'>,
): Promise<CaseOutput<'case.addFile'>> {
  const { db, now: at } = ctx;
  const { mediaType } = input;
  const sent = fileBytes(input.bytes);
  // No reviewer learns where a creator lives from a photo.
  const bytes = fitsMediaType(sent, mediaType) ? withoutMetadata(sent, mediaType) : undefined;
  if (bytes === undefined) throw invalid('bytes', 'not-of-this-type');
  const { record, appeal, speaker } = await lockJoined(ctx, input.key);
  const by = { appeal, claimant: speaker };
  const { used: slot, most } = await fileRoom(db, by);
  if (slot >= most) throw refusal('state-conflict', 'bytes', 'too-many');
  const position = await nextPosition(db, 'case_files', appeal);
  const caseKey = record.key();
  const name = nameOfType(input.name, mediaType);
  const place = placeOf('case_files.sealed', { appeal, position });
  const sealed = caseKey.sealJson({ name, mediaType, bytes: toBase64url(bytes) }, place);
  const size = bytes.length;
  await insertFile(db, { ...by, sanction: record.id, slot, position, sealed, size, at });
  return { file: position, bytes: size };
}

function fileBytes(text: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = fromBase64url(text);
  } catch (error) {
    throw error instanceof ProtocolError ? invalid('bytes', error.code) : error;
  }
  if (bytes.length > maxCaseFileBytes) throw new Problem('too-large');
  return bytes;
}
