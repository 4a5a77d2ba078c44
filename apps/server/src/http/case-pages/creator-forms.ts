import { maxCaseFileBytes, Problem } from '@recourse/protocol';
import type { HttpContext, HttpServices } from '../context.ts';
import { mediaType, readBody } from '../read-body.ts';
import { readLargeBody } from '../read-large-body.ts';
import { requestSource } from '../request-source.ts';

const formBytes = 128 * 1024;
/** The file, and the fields around it. */
const fileFormBytes = maxCaseFileBytes + 64 * 1024;
const mostParts = 16;
/** The fields of a form whose file is too large stand in its first bytes; the rest is read and dropped, to answer. */
const headBytes = 128 * 1024;
const mostDrained = 64 * 1024 * 1024;

export type Fields = Readonly<Record<string, string>>;

export interface SentFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** A form without a file. */
export const isPlainForm = (c: HttpContext): boolean =>
  mediaType(c.env.incoming) === 'application/x-www-form-urlencoded';

/** The fields of a form as it was posted. Nothing of them is trusted, and none is read from the URL. */
export async function readForm(c: HttpContext): Promise<Fields> {
  if (!isPlainForm(c)) throw new Problem('unsupported-media-type');
  const body = await readBody(c.env.incoming, formBytes);
  return fieldsOf(new URLSearchParams(body.toString('utf8')));
}

/** A form with one file; its place is kept until it was answered. */
export async function readFileForm<T>(
  http: HttpServices,
  c: HttpContext,
  use: (fields: Fields, file: SentFile | 'too-large' | undefined) => Promise<T>,
): Promise<T> {
  const { incoming } = c.env;
  if (mediaType(incoming) !== 'multipart/form-data') throw new Problem('unsupported-media-type');
  const source = requestSource(c, http.config);
  const type = incoming.headers['content-type'] ?? '';
  const announced = Number(incoming.headers['content-length'] ?? Number.NaN);
  if (announced > fileFormBytes && announced <= mostDrained) {
    return http.largeBodies.run(source, async () => {
      const head = await readBody(incoming, mostDrained, headBytes);
      return use(fieldsOf(await parse(wholeParts(head, type), type)), 'too-large');
    });
  }
  return readLargeBody(http, { incoming, source, limit: fileFormBytes }, async (body) => {
    const form = await parse(body, type);
    const file = form.get('file');
    const sent = file instanceof File && file.size > 0 ? await sentFile(file) : undefined;
    return use(fieldsOf(form), sent);
  });
}

async function parse(body: Buffer, type: string): Promise<FormData> {
  if (hasManyParts(body, type)) throw new Problem('malformed-call');
  try {
    const headers = { 'Content-Type': type };
    return await new Response(new Uint8Array(body), { headers }).formData();
  } catch {
    throw new Problem('malformed-call');
  }
}

/** The parts that are whole: the last one that begins is the file, which goes on. */
function wholeParts(head: Buffer, type: string): Buffer {
  const delimiter = delimiterIn(type);
  const at = head.lastIndexOf(`\r\n${delimiter}\r\n`);
  return Buffer.concat([head.subarray(0, Math.max(0, at)), Buffer.from(`\r\n${delimiter}--\r\n`)]);
}

function delimiterIn(type: string): string {
  const [, quoted, plain = ''] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type) ?? [];
  return `--${quoted ?? plain}`;
}

/** Parsing thousands of empty parts would take the time of everybody; a form of ours has five. */
function hasManyParts(body: Buffer, type: string): boolean {
  const delimiter = `\r\n${delimiterIn(type)}`;
  let at = -1;
  for (let parts = 0; parts < mostParts; parts++) {
    at = body.indexOf(delimiter, at + 1);
    if (at < 0) return false;
  }
  return true;
}

function fieldsOf(entries: URLSearchParams | FormData): Fields {
  // No prototype: names are attacker-controlled.
  const fields = Object.create(null) as Record<string, string>;
  for (const [name, value] of entries) if (typeof value === 'string') fields[name] ??= value;
  return fields;
}

const types: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  txt: 'text/plain',
};

/** A name to show, without what could turn or hide text or name a folder; the type by its ending, as phones send none. */
async function sentFile(file: File): Promise<SentFile> {
  const name =
    file.name
      .split(/[/\\]/)
      .at(-1)
      ?.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, '') ?? '';
  const ending = name.split('.').at(-1)?.toLowerCase() ?? '';
  return {
    name: name.slice(-120) || 'file',
    mediaType: Object.hasOwn(types, ending) ? (types[ending] ?? '') : file.type,
    bytes: Buffer.from(await file.arrayBuffer()),
  };
}
