import { readFileSync } from 'node:fs';
import type { Needle } from './needle-search.ts';

/** Shorter names can stand by chance in megabytes of ciphertext. */
const shortestIdentifier = 8;

export interface NeedleSources {
  readonly identifiers: readonly string[];
  /** Journals of the imports: they hold the tokens that were sent */
  readonly journals: readonly string[];
  /** Files of case codes */
  readonly caseCodes: readonly string[];
  /** Keys that creators made when they claimed their cases */
  readonly claimKeys?: readonly string[];
  /** Words of creators and reviewers in appeals */
  readonly words?: readonly string[];
}

/**
 * Secrets that others know and the registry must not, in the clear: identifiers, tokens in three spellings, case codes
 * and claim keys in two, the words of appeals.
 */
export function needlesOf(sources: NeedleSources): Needle[] {
  return [
    ...sources.identifiers
      .filter((name) => name.length >= shortestIdentifier)
      .map((name): Needle => ({ kind: 'identifier', bytes: Buffer.from(name) })),
    ...sources.journals.flatMap(linesOf).flatMap(tokensIn).flatMap(spellingsOfToken),
    ...sources.caseCodes.flatMap(linesOf).map(codeIn).flatMap(spellingsOf('case-code')),
    ...(sources.claimKeys ?? []).flatMap(spellingsOf('claim-key')),
    ...(sources.words ?? []).map((text): Needle => ({ kind: 'words', bytes: Buffer.from(text) })),
  ];
}

function linesOf(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

function tokensIn(line: string): string[] {
  const entry = JSON.parse(line) as { intent?: { input: { tokens: { token: string }[] } } };
  return entry.intent?.input.tokens.map(({ token }) => token) ?? [];
}

function spellingsOfToken(token: string): Needle[] {
  const raw = Buffer.from(token, 'base64url');
  return [Buffer.from(token), Buffer.from(raw.toString('hex')), raw].map((bytes) => ({
    kind: 'token',
    bytes,
  }));
}

const codeIn = (line: string): string => (JSON.parse(line) as { case_code: string }).case_code;

const spellingsOf =
  (kind: 'case-code' | 'claim-key') =>
  (secret: string): Needle[] =>
    [secret, secret.replaceAll('-', '')].map((text) => ({ kind, bytes: Buffer.from(text) }));
