import { hashText, verifyReceipt, type VerifiedReceipt } from '@recourse/protocol';
import { testOrigin, type TestAnswer, type TestKey, type TestRegistry } from '@recourse/testkit';

/** Verifies the receipt of an answer as its caller would; throws where it does not hold. */
export async function receiptOf(
  registry: TestRegistry,
  request: { key: TestKey; compact: string; op: string },
  answer: TestAnswer,
): Promise<VerifiedReceipt> {
  const { body, raw } = answer;
  const payload = Buffer.from(request.compact.split('.')[1]!, 'base64url').toString('utf8');
  const { jti } = JSON.parse(payload) as { jti: string };
  return verifyReceipt(raw.receipt ?? '', {
    leaf: {
      iss: request.key.party,
      jti,
      op: request.op,
      req: hashText(request.compact),
      res: hashText(raw.body),
      status: raw.status,
      ...(body.changes ? { changes: { count: body.changes.count, root: body.changes.root } } : {}),
    },
    issuer: testOrigin,
    jwk: registry.receiptSigner.publicJwk,
  });
}
