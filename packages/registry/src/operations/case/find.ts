import { newId, toTimestamp, type CaseInput, type CaseOutput } from '@recourse/protocol';
import { addHours } from '@recourse/protocol/review';
import type { CaseContext } from '../../cases/context.ts';
import { insertFind } from '../../cases/find-store.ts';
import { mailedCode, proofValue, type ProofClaim } from '../../cases/proof-code.ts';
import { messageOf, provableForm, recordName } from '../../cases/provable-form.ts';

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

function proofAsked(ctx: CaseContext, proving: ProofClaim): CaseOutput<'case.find'>['proof'] {
  const { kind, identifier } = proving;
  if (kind === 'email') return { by: 'mailed-code' };
  if (kind === 'phone') return { by: 'texted-code' };
  if (kind === 'wallet') return { by: 'signature', message: messageOf(ctx, proving) };
  const value = proofValue(ctx.services.vault, proving);
  return { by: 'dns', name: recordName(identifier), value };
}
