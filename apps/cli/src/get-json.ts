import { CliError } from './errors.ts';

const timeoutMs = 15_000;

/** A public document of a registry. Unsigned: what it says counts as far as signatures in it carry it. */
export async function getJson(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status !== 200) throw new TypeError(`status ${response.status}`);
    return await response.json();
  } catch (cause) {
    throw new CliError(
      'registry-unreachable',
      {
        message: `${new URL(url).origin} does not answer.`,
        next: 'Check that the registry runs and that the origin or --url is right, then try again.',
      },
      { cause },
    );
  }
}
