import { resolve } from 'node:path';
import { CliError } from '../errors.ts';
import { sandboxRegistry } from '../profile/sandbox.ts';

export interface CaseConnectionOptions {
  readonly origin?: string | undefined;
  readonly logKey?: string | undefined;
  readonly url?: string | undefined;
  readonly sandbox?: string | undefined;
}

/** The registry that keeps the case. A creator has no profile and no signing key: the secret is all it takes. */
export async function caseConnection(
  options: CaseConnectionOptions,
): Promise<{ origin: string; url: string; logKid?: string }> {
  const { origin, logKey, url, sandbox } = options;
  if (sandbox !== undefined) return sandboxRegistry(resolve(sandbox), url);
  const given = origin ?? url;
  const named = given === undefined || !URL.canParse(given) ? undefined : new URL(given).origin;
  if (named !== undefined && named !== 'null') {
    const at = url ?? named;
    return { origin: named, url: at, ...(logKey === undefined ? {} : { logKid: logKey }) };
  }
  throw new CliError('usage', {
    message: 'It is not said which registry keeps the case.',
    next: 'Give the first part of the link in the notice: --origin https://registry.example. To try it: --sandbox .recourse.',
  });
}
