import { newId, toTimestamp, type CaseInput, type CaseOutput } from '@recourse/protocol';
import { canonicalize, IdentifierError } from '@recourse/protocol/identifiers';
import { addHours } from '../kernel/bounds.ts';
import { invalid } from '../kernel/refusal.ts';
import type { CaseContext } from './context.ts';
import { insertFind } from './find-store.ts';
import { mailedCode, proofValue, type ProofClaim } from './proof-code.ts';
import { evmAddress, walletMessage } from './wallet-proof.ts';

type Kind = CaseInput<'case.find'>['kind'];

const mailHours = 0.5;
/** A record has to be seen by resolvers first. */
const dnsHours = 24;

/**
 * Asks for a proof of control. What is held is not looked at, so that nothing of the answer, nor the time it takes,
 * tells whether anything is. A text message costs, so one goes out only where the published set has the number: that is
 * looked up after the answer.
 */
export async function askForProof(
  ctx: CaseContext,
  input: CaseInput<'case.find'>,
): Promise<CaseOutput<'case.find'>> {
  const { services, now } = ctx;
  const { kind } = input;
  const identifier = provableForm(kind, input.identifier);
  const find = newId('fnd', { now, random: services.random });
  const expiresAt = addHours(now, kind === 'domain' ? dnsHours : mailHours);
  await insertFind(ctx.db, { id: find, kind, at: now, expires_at: expiresAt });
  const proving = { find, kind, identifier };
  if (kind === 'email') {
    const code = mailedCode(services.vault, proving);
    ctx.mails.push({ to: identifier, code, language: input.language ?? 'en', expiresAt });
  }
  if (kind === 'phone') {
    const code = mailedCode(services.vault, proving);
    ctx.texts.push({ to: identifier, code, language: input.language ?? 'en' });
  }
  return { find, expiresAt: toTimestamp(expiresAt), proof: proofAsked(ctx, proving) };
}

/**
 * The canonical form of an identifier whose control can be proven here.
 * @throws Problem `invalid-input`
 */
export function provableForm(kind: Kind, raw: string): string {
  const canonical = canonicalForm(kind, raw);
  if (kind === 'wallet' && evmAddress(canonical) === undefined) {
    throw invalid('identifier', 'unsupported-chain');
  }
  return canonical;
}

/** The name whose TXT record proves control of a domain. */
export const recordName = (domain: string): string => `_recourse.${domain}`;

export const messageOf = (
  { services }: Pick<CaseContext, 'services'>,
  proving: ProofClaim,
): string =>
  walletMessage({
    origin: services.origin,
    wallet: proving.identifier,
    proof: proofValue(services.vault, proving),
  });

function proofAsked(ctx: CaseContext, proving: ProofClaim): CaseOutput<'case.find'>['proof'] {
  const { kind, identifier } = proving;
  if (kind === 'email') return { by: 'mailed-code' };
  if (kind === 'phone') return { by: 'texted-code' };
  if (kind === 'wallet') return { by: 'signature', message: messageOf(ctx, proving) };
  const value = proofValue(ctx.services.vault, proving);
  return { by: 'dns', name: recordName(identifier), value };
}

function canonicalForm(kind: Kind, raw: string): string {
  try {
    return canonicalize(kind, raw);
  } catch (error) {
    if (error instanceof IdentifierError) throw invalid('identifier', error.code);
    throw error;
  }
}
