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
}

/** What the platforms know and the registry must not: identifiers, tokens in three spellings, case codes in two. */
export function needlesOf(sources: NeedleSources): Needle[] {
  return [
    ...sources.identifiers
      .filter((name) => name.length >= shortestIdentifier)
      .map((name): Needle => ({ kind: 'identifier', bytes: Buffer.from(name) })),
    ...sources.journals.flatMap(linesOf).flatMap(tokensIn).flatMap(spellingsOfToken),
    ...sources.caseCodes.flatMap(linesOf).flatMap(spellingsOfCode),
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

function spellingsOfCode(line: string): Needle[] {
  const { case_code: code } = JSON.parse(line) as { case_code: string };
  return [code, code.replaceAll('-', '')].map((text) => ({
    kind: 'case-code',
    bytes: Buffer.from(text),
  }));
}
