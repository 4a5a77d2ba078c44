import { entryLeafHash, entrySchema, thumbprint, toBase64url } from '@recourse/protocol';
import { logJwk, logKeyOf, type LogSource } from '@recourse/verify';
import { parsedDocument, wellKnownText } from '../profile/registry-documents.ts';
import type { ChosenLog } from './log-options.ts';
import type { MirrorFolder } from './mirror-folder.ts';

/** Members of `/.well-known/recourse` that hold keys, or say whose signatures count. */
const keyMembers = ['logKey', 'keys', 'epochs', 'policies'] as const;
export type KeyMember = (typeof keyMembers)[number];

/**
 * Keeps what the registry says of itself beside the copy, with the proof of each witness policy, so that somebody with
 * the fingerprint of a policy verifies the copy without the registry. What is kept is as unsigned as what is served.
 * @returns which keys differ from those that were kept before; none in the first run
 * @throws VerifyError `log-key-mismatch` where it names another key than the one that signed the copy
 */
export async function keepDocument(
  folder: MirrorFolder,
  { log, source }: { log: ChosenLog; source: LogSource },
): Promise<KeyMember[]> {
  const text = await wellKnownText(log.url);
  const document = parsedDocument(text, log.url);
  logKeyOf(document, { origin: log.origin, kid: thumbprint(logJwk(log.policy)) });
  const before = folder.documentText();
  for (const leaf of policyLeaves(document)) {
    if (text === before && folder.read(`proof/${leaf}`)) continue;
    const proof = await source.proof(leaf);
    if (proof) folder.keepProof(leaf, proof);
  }
  folder.keepDocument(text);
  if (before === undefined) return [];
  const old = parsedDocument(before, log.url);
  return keyMembers.filter((name) => spelled(old, name) !== spelled(document, name));
}

/** Reads the place of the proof of each policy that the registry published. The document is attacker-controlled. */
function policyLeaves(document: unknown): string[] {
  const policies = memberOf(document, 'policies');
  if (!Array.isArray(policies)) return [];
  return policies.flatMap((policy) => {
    const { data } = entrySchema.safeParse(policy);
    return data ? [toBase64url(entryLeafHash(data))] : [];
  });
}

const spelled = (document: unknown, name: KeyMember): string =>
  JSON.stringify(memberOf(document, name)) ?? '';

function memberOf(document: unknown, name: KeyMember): unknown {
  const { ledger, ...members } = (document ?? {}) as Record<string, unknown>;
  return name === 'policies'
    ? (ledger as Record<string, unknown> | undefined)?.[name]
    : members[name];
}
