import { IdentifierError } from './errors.ts';

/** CAIP-10: namespace ":" reference ":" address. */
const caip10 = /^([-a-z0-9]{3,8}):([-_a-zA-Z0-9]{1,32}):([-.%a-zA-Z0-9]{1,128})$/;
const evmAddress = /^0x[0-9a-fA-F]{40}$/;
const evmChain = /^[1-9][0-9]*$/;

/** A CAIP-10 account id. EVM addresses are lower case, their EIP-55 case is a checksum; other chains' case has meaning. */
export function canonicalWallet(raw: string): string {
  const [, namespace, reference, address] = caip10.exec(raw) ?? [];
  if (namespace === undefined || reference === undefined || address === undefined) {
    throw new IdentifierError('not-canonicalisable');
  }
  if (namespace !== 'eip155') return raw;
  if (!evmChain.test(reference) || !evmAddress.test(address)) {
    throw new IdentifierError('not-canonicalisable');
  }
  return `${namespace}:${reference}:${address.toLowerCase()}`;
}
