import { blind, finalize, ready, token, tokenInput, type BlindedBatch } from '@recourse/blind';
import {
  fromBase64url,
  toBase64url,
  toNumericDate,
  type IdentifierKind,
  type OpOutput,
  type Purpose,
} from '@recourse/protocol';
import { canonicalize, IdentifierError } from '@recourse/protocol/identifiers';
import { failAs, isRecourseError, RecourseError, type Issue } from '../errors.ts';
import type { TokenEpoch } from '../registry/registry-document.ts';
import type { Session } from '../session/session.ts';
import type { IdentifierToken, Tokens } from '../session/recent-checks.ts';

export interface RawIdentifier {
  readonly kind: IdentifierKind;
  readonly value: string;
  /** Its place in the caller's input, for issues */
  readonly path: string;
}

export interface TokenRequest {
  readonly identifiers: readonly RawIdentifier[];
  readonly purpose: Purpose;
  readonly provenAt?: Date | undefined;
  /** The platform's own case id, kept with the check */
  readonly ref?: string | undefined;
  /**
   * Live epochs to evaluate under; by default all, which are two at most. `records` means the epoch of new records: the
   * older, while two are live.
   */
  readonly epochs?: readonly number[] | 'records' | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The registry's limit on tokens of one match, and on elements of one evaluation. */
export const maxTokens = 64;

/**
 * Turns identifiers into tokens without telling them to the registry. Steps: canonical form, blinding, evaluation,
 * proof against the published key, unblinding.
 * @throws RecourseError `invalid-input` (with the path of each identifier refused), `proof-invalid`
 */
export async function evaluateTokens(session: Session, request: TokenRequest): Promise<Tokens> {
  const inputs = canonicalInputs(request.identifiers);
  await ready();
  try {
    return await evaluate(session, { request, inputs, epochs: await session.registry.epochs() });
  } catch (error) {
    if (!isRecourseError(error, 'unknown-epoch')) throw error;
    const epochs = await session.registry.epochs({ anew: true });
    return evaluate(session, { request, inputs, epochs });
  }
}

interface Round {
  readonly request: TokenRequest;
  readonly inputs: readonly Uint8Array[];
  readonly epochs: readonly TokenEpoch[];
}

async function evaluate(session: Session, round: Round): Promise<Tokens> {
  const { request, inputs } = round;
  const epochs = chooseEpochs(round.epochs, request.epochs);
  if (inputs.length * epochs.length > maxTokens) throw refused([{ path: '', code: 'too-many' }]);
  const blinded = blind(inputs);
  const { provenAt, ref } = request;
  const { result, receipt } = await session.transport.send(
    'checks.evaluate',
    {
      purpose: request.purpose,
      epochs: epochs.map(({ epoch }) => epoch),
      blinded: blinded.blinded.map(toBase64url),
      ...(provenAt ? { provenAt: toNumericDate(provenAt) } : {}),
      ...(ref === undefined ? {} : { ref }),
    },
    { signal: request.signal },
  );
  const tokens: IdentifierToken[] = [];
  for (const epoch of epochs) {
    const outputs = await unblind(result, { epoch, inputs, blinded });
    for (const [identifier, { kind }] of request.identifiers.entries()) {
      const output = outputs[identifier];
      if (output === undefined) throw new RecourseError('answer-invalid');
      tokens.push({ identifier, kind, epoch: epoch.epoch, token: output });
    }
  }
  return { check: result.check, tokens, receipt };
}

/** The evaluation is the registry's word until the proof shows that the published key made it. */
function unblind(
  result: OpOutput<'checks.evaluate'>,
  {
    epoch,
    inputs,
    blinded,
  }: { epoch: TokenEpoch; inputs: readonly Uint8Array[]; blinded: BlindedBatch },
): Promise<string[]> {
  return failAs('proof-invalid', () => {
    const evaluated = result.evaluated.find((entry) => entry.epoch === epoch.epoch);
    if (!evaluated) throw new RecourseError('answer-invalid');
    const outputs = finalize({
      ...blinded,
      inputs,
      evaluated: evaluated.elements.map(fromBase64url),
      proof: fromBase64url(evaluated.proof),
      publicKey: fromBase64url(epoch.publicKey),
    });
    return outputs.map((output) => toBase64url(token(output)));
  });
}

function chooseEpochs(live: readonly TokenEpoch[], wanted?: TokenRequest['epochs']): TokenEpoch[] {
  if (wanted === 'records') wanted = live.slice(-1).map(({ epoch }) => epoch);
  const chosen = wanted ? live.filter(({ epoch }) => wanted.includes(epoch)) : live.slice(0, 2);
  if (chosen.length === 0 || (wanted && chosen.length !== wanted.length)) {
    throw new RecourseError('unknown-epoch');
  }
  return [...chosen];
}

function canonicalInputs(identifiers: readonly RawIdentifier[]): Uint8Array[] {
  const issues: Issue[] = [];
  const inputs = identifiers.map(({ kind, value, path }) => {
    try {
      return tokenInput(kind, canonicalize(kind, value));
    } catch (error) {
      // No cause: what a parser says may quote the identifier.
      issues.push({ path, code: error instanceof IdentifierError ? error.code : 'invalid' });
      return new Uint8Array();
    }
  });
  if (inputs.length === 0) issues.push({ path: '', code: 'required' });
  if (issues.length > 0) throw refused(issues);
  return inputs;
}

const refused = (issues: Issue[]): RecourseError => new RecourseError('invalid-input', { issues });
