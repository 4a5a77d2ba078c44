/** Kinds of files that the desk shows, judged by their bytes alone: names and types are somebody's claim. */
export type FileKind =
  | { readonly shown: 'picture'; readonly mediaType: string }
  | { readonly shown: 'text'; readonly text: string }
  | { readonly shown: 'nothing' };

/** How raster pictures begin. SVG is none of them: it is a document, and is shown as text. */
const pictures: readonly (readonly [string, readonly number[]])[] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38]],
  ['image/webp', [0x52, 0x49, 0x46, 0x46]],
];

export function fileKind(bytes: Uint8Array): FileKind {
  const picture = pictures.find(([, start]) => start.every((byte, at) => bytes[at] === byte));
  if (picture) return { shown: 'picture', mediaType: picture[0] };
  const text = textOf(bytes);
  return text === undefined ? { shown: 'nothing' } : { shown: 'text', text };
}

/** Nothing in it turns or hides what stands beside it. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const isText = !/[^\P{Cc}\t\n\r]/u.test(text);
    return isText ? text.replaceAll(/\p{Bidi_Control}/gu, '\uFFFD') : undefined;
  } catch {
    return undefined;
  }
}

const ends: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
};

/** How a file is named on this computer: its sender's name could pass it off as another kind, or run it. */
export function safeName(base: string, kind: FileKind): string {
  if (kind.shown === 'text') return `${base}.txt`;
  return `${base}.${kind.shown === 'picture' ? (ends[kind.mediaType] ?? 'bin') : 'bin'}`;
}
