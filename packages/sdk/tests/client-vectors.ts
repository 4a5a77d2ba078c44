import { blind, finalize, token, tokenInput } from '@recourse/blind';
import { deriveKeyPair, evaluateBatch } from '@recourse/blind/server';
import { leafHash } from '@recourse/ledger';
import {
  fromBase64url,
  hashText,
  jcs,
  publicPart,
  sealGroup,
  signCall,
  signerFromJwk,
  signGroup,
  thumbprint,
  toBase64url,
  utf8,
  type CallPayload,
  type PrivateJwk,
  type ReceiptLeaf,
} from '@recourse/protocol';

/** What `packages/protocol/vectors/call.json` gives; everything else on the page follows from it. */
export interface VectorInput {
  readonly privateJwk: PrivateJwk;
  readonly receiptJwk: PrivateJwk;
  readonly identifier: { readonly kind: string; readonly canonical: string };
  readonly oprf: {
    readonly seed: string;
    readonly info: string;
    readonly blind: string;
    readonly random: string;
  };
  readonly call: Omit<CallPayload, 'in'>;
  readonly check: string;
  readonly at: number;
  /** Another call of the same group: what its leaf is, the reader of the page cannot know */
  readonly neighbour: ReceiptLeaf;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

/** Every value of docs/writing-a-client.md by its name, made with the code of these packages. */
export async function clientVectors(input: VectorInput): Promise<Record<string, string>> {
  const evaluation = evaluate(input);
  const sent = await request(input, evaluation.blinded);
  return {
    ...evaluation.shown,
    ...sent.shown,
    ...(await answer(input, { compact: sent.compact, evaluation })),
  };
}

function evaluate({ identifier, oprf }: VectorInput) {
  const input = tokenInput(identifier.kind, identifier.canonical);
  const { blinds, blinded } = blind([input], [bytesOf(oprf.blind)]);
  const keys = deriveKeyPair(bytesOf(oprf.seed), oprf.info);
  const { evaluated, proof } = evaluateBatch({ ...keys, blinded }, bytesOf(oprf.random));
  const { publicKey } = keys;
  const [output] = finalize({ inputs: [input], blinds, blinded, evaluated, proof, publicKey });
  return {
    blinded: toBase64url(blinded[0]!),
    elements: evaluated.map(toBase64url),
    proof: toBase64url(proof),
    shown: {
      'oprf-input': Buffer.from(input).toString('utf8'),
      'oprf-blind': hex(blinds[0]!),
      'oprf-blinded': hex(blinded[0]!),
      'oprf-public-key': hex(publicKey),
      'oprf-evaluated': hex(evaluated[0]!),
      'oprf-proof': hex(proof),
      'oprf-output': hex(output!),
      token: toBase64url(token(output!)),
    },
  };
}

async function request({ privateJwk, call }: VectorInput, blinded: string) {
  const signer = await signerFromJwk(privateJwk);
  const payload = { ...call, in: { purpose: 'monetisation', epochs: [1], blinded: [blinded] } };
  const compact = await signCall(signer, payload);
  const [header = '', body = '', signature = ''] = compact.split('.');
  const read = (part: string): string => Buffer.from(fromBase64url(part)).toString('utf8');
  return {
    compact,
    shown: {
      'private-key': JSON.stringify(privateJwk),
      'public-key': jcs(publicPart(privateJwk)),
      kid: thumbprint(privateJwk),
      header: read(header),
      payload: read(body),
      'signing-input': `${header}.${body}`,
      signature,
      call: compact,
      post: [
        'POST /call/checks.evaluate HTTP/1.1',
        'Host: registry.example',
        'Content-Type: application/jose',
        `Content-Length: ${compact.length}`,
        '',
        compact,
      ].join('\n'),
    },
  };
}

async function answer(
  { receiptJwk, call, check, at, neighbour }: VectorInput,
  answer: { compact: string; evaluation: { elements: string[]; proof: string } },
) {
  const { elements, proof } = answer.evaluation;
  const body = JSON.stringify({
    result: { check, evaluated: [{ epoch: 1, elements, proof }] },
  });
  const { iss, jti, op, aud } = call;
  const asked = { iss, jti, op, req: hashText(answer.compact) };
  const leaf: ReceiptLeaf = { v: 1, ...asked, res: hashText(body), status: 200, at };
  const group = sealGroup([neighbour, leaf], { issuer: aud, at, isPromised: true });
  const [, receipt = ''] = await signGroup(await signerFromJwk(receiptJwk), group);
  const [, path = '', ...jws] = receipt.split('.');
  return {
    answer: body,
    receipt,
    response: [
      'HTTP/1.1 200 OK',
      'Content-Type: application/json',
      `Recourse-Receipt: ${receipt}`,
      '',
      body,
    ].join('\n'),
    'receipt-key': jcs(publicPart(receiptJwk)),
    'request-hash': leaf.req,
    'answer-hash': leaf.res,
    'receipt-group': jcs(group.payload),
    'receipt-group-jws': jws.join('.'),
    'receipt-path': path,
    leaf: jcs(leaf),
    'leaf-hash': toBase64url(leafHash(utf8(jcs(leaf)))),
    root: group.payload.root,
    'ledger-entry': jcs(group.entry),
    'ledger-entry-hash': group.payload.entry,
  };
}
