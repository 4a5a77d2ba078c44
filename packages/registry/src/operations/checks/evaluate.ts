import { fromNumericDate, newId, Problem, type OpInput, type OpOutput } from '@recourse/protocol';
import { invalid } from '../../kernel/refusal.ts';
import type { CallContext } from '../../context/context.ts';
import { assertMayCheck, proofServes } from '../../lookup/checks/check.rules.ts';
import { usedUpOf } from '../../lookup/checks/used-up.ts';

/** Evaluates blinded identifiers under one or two live epochs, and opens the check that may ask next. */
export async function evaluate(
  ctx: CallContext,
  input: OpInput<'checks.evaluate'>,
): Promise<OpOutput<'checks.evaluate'>> {
  const { services, now, caller } = ctx;
  assertMayCheck(caller, input.epochs, services.tokens.epochs());
  if (new Set(input.epochs).size < input.epochs.length) {
    throw invalid('epochs', 'duplicate');
  }
  const provenAt = input.provenAt === undefined ? null : fromNumericDate(input.provenAt);
  if (!proofServes(input.purpose, provenAt, now)) throw new Problem('control-not-proven');
  const needed = { units: input.blinded.length, purpose: input.purpose };
  usedUpOf(services).assertMayHave(caller.party, needed, now);
  const evaluated = await Promise.all(
    input.epochs.map(async (epoch) => ({
      epoch,
      ...(await services.tokens.evaluate(epoch, input.blinded)),
    })),
  );
  const id = newId('chk', { now, random: (size) => services.random(size) });
  ctx.effects.check = {
    id,
    party: caller.party,
    purpose: input.purpose,
    elements: input.blinded.length,
    epochs: input.epochs.length,
    provenAt,
    ref: input.ref ?? null,
  };
  return { check: id, evaluated };
}
