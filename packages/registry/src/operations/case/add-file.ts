import {
  fromBase64url,
  maxCaseFileBytes,
  maxCaseFiles,
  Problem,
  ProtocolError,
  type CaseInput,
  type CaseOutput,
} from '@recourse/protocol';
import { lockJoined } from '../../cases/access.ts';
import { countOf, insertFile } from '../../cases/added-store.ts';
import type { CaseContext } from '../../cases/context.ts';
import { fitsMediaType, nameOfType } from '../../cases/file-type.ts';
import { invalid, refusal } from '../../kernel/refusal.ts';
import { roomFor } from '../../review/join-store.ts';
import { placeOf } from '../../vault/vault.ts';

export async function addFile(
  ctx: CaseContext,
  input: CaseInput<'case.addFile'>,
): Promise<CaseOutput<'case.addFile'>> {
  const { db, now: at } = ctx;
  const { mediaType } = input;
  const bytes = fileBytes(input.bytes);
  if (!fitsMediaType(bytes, mediaType)) throw invalid('bytes', 'not-of-this-type');
  const { record, appeal, speaker } = await lockJoined(ctx, input.key);
  const of = { table: 'case_files', in: appeal, claimant: speaker, now: at } as const;
  const room = await roomFor(db, { ...of, most: maxCaseFiles });
  if (!room) throw refusal('state-conflict', 'bytes', 'too-many');
  const position = await countOf(db, 'case_files', appeal);
  const caseKey = record.key();
  const name = nameOfType(input.name, mediaType);
  const place = placeOf('case_files.sealed', { appeal, position });
  const sealed = caseKey.sealJson({ name, mediaType, bytes: input.bytes }, place);
  const size = bytes.length;
  const by = { appeal, sanction: record.id, claimant: speaker, ...room };
  await insertFile(db, { ...by, position, sealed, size, at });
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
