import { signCompact, toNumericDate, type Attestation, type OpOutput } from '@recourse/protocol';
import { RecourseError } from '../errors.ts';
import type { Operations } from '../operations.ts';
import type { Session } from '../session/session.ts';
import type { CallOptions } from '../transport/transport.ts';

/** A quarter, `2026-Q1`, and its demands of authorities, including those that may not be published yet. */
export type QuarterlyStatement = Pick<Attestation, 'quarter' | 'demands'>;

/** Operations by which the own party publishes, reports and objects. */
export type Parties = Omit<Operations['parties'], 'attest'> & {
  /** Signs the statement of a past quarter with the trust or the admin key, and files it. */
  attest(statement: QuarterlyStatement, options?: CallOptions): Promise<OpOutput<'parties.attest'>>;
};

export const partiesOver = (session: Session, operations: Operations['parties']): Parties => ({
  ...operations,
  attest: async (statement, options) =>
    operations.attest({ attestation: await signStatement(session, statement) }, options),
});

function signStatement(
  session: Session,
  { quarter, demands }: QuarterlyStatement,
): Promise<string> {
  const signer = session.signers.trust ?? session.signers.admin;
  if (!signer) throw new RecourseError('signer-missing');
  return signCompact(signer, 'recourse-attestation+jwt', {
    iss: session.party,
    aud: session.origin,
    quarter,
    demands,
    iat: toNumericDate(session.transport.now()),
  });
}
