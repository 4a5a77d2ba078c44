export { canonicalize, countryOfPhone } from './canonicalize.ts';
export { IdentifierError, type IdentifierErrorCode } from './errors.ts';
export { isIdentifier } from './is-identifier.ts';
export { identifierKinds, type IdentifierKind } from './kinds.ts';
export { sharedHosts } from './shared-hosts.ts';
