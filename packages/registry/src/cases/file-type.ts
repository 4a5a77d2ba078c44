import { utf8 } from '@recourse/protocol';

type MediaType = 'application/pdf' | 'image/png' | 'image/jpeg' | 'image/webp' | 'text/plain';

const ascii = (text: string): readonly number[] => [...utf8(text)];

/** The bytes a file of each type begins with, by offset: PDF 1.7 (7.5.2), PNG (5.2), JFIF, RFC 9649. */
const signatures: Readonly<
  Record<Exclude<MediaType, 'text/plain'>, readonly [offset: number, bytes: readonly number[]][]>
> = {
  'application/pdf': [[0, ascii('%PDF-')]],
  'image/png': [[0, [0x89, ...ascii('PNG\r\n'), 0x1a, 0x0a]]],
  'image/jpeg': [[0, [0xff, 0xd8, 0xff]]],
  'image/webp': [
    [0, ascii('RIFF')],
    [8, ascii('WEBP')],
  ],
};

const endings: Readonly<Record<MediaType, readonly [string, ...string[]]>> = {
  'application/pdf': ['pdf'],
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg'],
  'image/webp': ['webp'],
  'text/plain': ['txt'],
};

/**
 * A name that opens as what the file is: attacker-controlled, and saved by a reviewer. Markup and scripts are text by
 * their bytes, and what their name says when they are opened.
 */
export function nameOfType(name: string, mediaType: MediaType): string {
  const fits = endings[mediaType].some((ending) => name.toLowerCase().endsWith(`.${ending}`));
  return fits ? name : `${name}.${endings[mediaType][0]}`;
}

/**
 * True where bytes are what they are said to be: they are attacker-controlled, and a reviewer opens them. Text is UTF-8
 * without control characters, so that no other format passes for it.
 */
export function fitsMediaType(bytes: Uint8Array, mediaType: MediaType): boolean {
  if (mediaType === 'text/plain') return isText(bytes);
  return signatures[mediaType].every(([offset, expected]) =>
    expected.every((byte, i) => bytes[offset + i] === byte),
  );
}

function isText(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return !/[^\P{Cc}\n\r\t]/u.test(text);
  } catch {
    return false;
  }
}
