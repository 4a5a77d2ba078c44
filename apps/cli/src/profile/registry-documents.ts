import { publicJwkSchema, publicPart, thumbprint } from '@recourse/protocol';
import { CliError } from '../errors.ts';
import { MirrorFolder } from '../ledger/mirror-folder.ts';

const timeoutMs = 15_000;

/** A public document of a registry. Unsigned: what it says counts as far as signatures in it carry it. */
export const getJson = async (url: string): Promise<unknown> =>
  parsedDocument(await textAt(url), url);

/** @param at where it was read */
export function parsedDocument(text: string, at: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unanswered(at, cause);
  }
}

async function textAt(url: string): Promise<string> {
  try {
    const response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status !== 200) throw new TypeError(`status ${response.status}`);
    return await response.text();
  } catch (cause) {
    throw unanswered(url, cause);
  }
}

const unanswered = (url: string, cause: unknown): CliError =>
  new CliError(
    'registry-unreachable',
    {
      message: `${new URL(url).origin} does not answer.`,
      next: 'Check that the registry runs and that the origin or --url is right, then try again.',
    },
    { cause },
  );

/**
 * Statement of a registry about itself, or a copy of its ledger.
 * @param at its URL, or the folder of the copy
 */
export const wellKnown = async (at: string): Promise<unknown> =>
  parsedDocument(await wellKnownText(at), at);

export async function wellKnownText(at: string): Promise<string> {
  if (URL.canParse(at)) return textAt(`${at}/.well-known/recourse`);
  const document = new MirrorFolder(at).documentText();
  if (document !== undefined) return document;
  throw new CliError('file-unreadable', {
    message: `${at} holds no .well-known/recourse, which names the ledger key and the witnesses.`,
    next: 'Run recourse ledger mirror --to this folder once more: it keeps the document, too.',
  });
}

/** Thumbprint of the ledger key that a registry says it has. */
export async function ledgerKid(url: string): Promise<string> {
  const { logKey } = (await wellKnown(url)) as { logKey?: unknown };
  const { success, data } = publicJwkSchema.safeParse(logKey);
  if (success) return thumbprint(publicPart(data));
  throw new CliError('registry-answer-invalid', {
    message: `${url} does not say which ledger key it has.`,
    next: 'Check that a registry of this version runs there.',
  });
}
