import {
  fromBase64url,
  isJsonObject,
  parseStrictJson,
  type GeneralJwe,
  type Json,
} from '@recourse/protocol';
import { invalid } from '../kernel/refusal.ts';

/** The protected header is attacker-controlled: a compressed payload would unfold at the reviewer's. */
export function assertEncryption({ protected: header }: GeneralJwe): void {
  let json: Json | undefined;
  try {
    json = parseStrictJson(fromBase64url(header));
  } catch {
    // Not what it should be, said below.
  }
  const isPlain = json !== undefined && isJsonObject(json) && Object.keys(json).join() === 'enc';
  if (!isPlain || !isJsonObject(json) || json['enc'] !== 'A256GCM') {
    throw invalid('jwe.protected', 'unknown-encryption');
  }
}
