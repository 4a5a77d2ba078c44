import { readFileSync } from 'node:fs';
import { purposes } from '@recourse/protocol';
import { z } from 'zod';
import { AgentError } from '../errors.ts';
import { readAddress, type Address } from '../http/address.ts';
import { parseSecretSource, readSecret } from '../secrets/secret-source.ts';
import { presets, type PresetName } from './presets.ts';
import { pointerMap, verifying, type Source } from './source.ts';

const common = {
  secret: z.string().describe('file:PATH, env:NAME or command:LINE'),
  purpose: z.enum(purposes).default('signup'),
  /** Questions that it may make in an hour: another source cannot be starved by it */
  perHour: z.int().min(1).max(1_000_000).default(1_000),
};

const presetNames = Object.keys(presets) as [PresetName, ...PresetName[]];

const fileSchema = z.strictObject({
  listen: z.string().default('127.0.0.1:4811'),
  sources: z.record(
    z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
    z.union([
      z.strictObject({ ...common, of: z.enum(presetNames) }),
      z.strictObject({
        ...common,
        verify: verifying,
        map: pointerMap
          .refine(({ email, phone }) => email !== undefined || phone !== undefined, {
            error: 'email or phone has to be named',
          })
          .refine(({ provenAt, changed }) => provenAt !== undefined || changed !== undefined, {
            error:
              'provenAt or changed has to be named: without them nothing says when it was proven',
          }),
      }),
    ]),
  ),
});

export interface InboxConfig {
  readonly address: Address;
  readonly sources: ReadonlyMap<string, Source>;
}

/** Reads the file of `--inbox`, and the secrets that it names. @throws AgentError `inbox-invalid` */
export async function readInbox(
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<InboxConfig> {
  const { listen, sources } = parsed(path);
  const read = await Promise.all(
    Object.entries(sources).map(async ([name, { secret: from, ...source }]) => {
      const secret = await readSecret(
        parseSecretSource(from, `sources.${name}.secret`),
        environment,
      );
      const kind = 'of' in source ? presets[source.of] : source;
      const { purpose, perHour } = source;
      return [
        name,
        { name, secret, purpose, perHour, verify: kind.verify, map: kind.map },
      ] as const;
    }),
  );
  return { address: readAddress(listen, 'listen'), sources: new Map(read) };
}

function parsed(path: string): z.infer<typeof fileSchema> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw invalid(`${path} cannot be read as JSON.`, cause);
  }
  const read = fileSchema.safeParse(json);
  if (read.success) return read.data;
  throw invalid(`${path} does not fit:\n${z.prettifyError(read.error)}`, read.error);
}

const invalid = (message: string, cause: unknown): AgentError =>
  new AgentError(
    'inbox-invalid',
    {
      message,
      next: `Correct it. A source is of ${presetNames.join(', ')}, or has a verify and a map of its own; docs/signup.md shows both.`,
    },
    { cause },
  );
