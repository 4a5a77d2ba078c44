type Copy = (source: Buffer, picture: Picture) => boolean;

/**
 * Copies a picture without what stands beside it: where and when it was taken, by which device, small copies, a film of
 * the moment. Only what draws the picture is copied, so that metadata of a kind unknown here stays behind too.
 * @param bytes attacker-controlled
 * @returns undefined for a picture that cannot be read: nobody knows what stands in it
 */
export function withoutMetadata(bytes: Uint8Array, mediaType: string): Uint8Array | undefined {
  const copy = copies.get(mediaType);
  if (copy === undefined) return bytes;
  const source = Buffer.from(bytes);
  const picture = new Picture(source);
  return copy(source, picture) ? picture.bytes : undefined;
}

const copies: ReadonlyMap<string, Copy> = new Map([
  ['image/jpeg', copyJpeg],
  ['image/png', copyPng],
  ['image/webp', copyWebp],
]);

/** The copy, which is never longer than its source. */
class Picture {
  readonly #source: Buffer;
  readonly #copy: Buffer;
  #length = 0;

  constructor(source: Buffer) {
    this.#source = source;
    this.#copy = Buffer.alloc(source.length);
  }

  get bytes(): Buffer {
    return this.#copy.subarray(0, this.#length);
  }

  keep(start: number, end: number): void {
    this.#length += this.#source.copy(this.#copy, this.#length, start, end);
  }

  add(bytes: Buffer): void {
    this.#length += bytes.copy(this.#copy, this.#length);
  }
}

const exif = Buffer.from('Exif\0\0');
const [app0, app1, app2, app14] = [0xe0, 0xe1, 0xe2, 0xee];
const [endOfImage, startOfScan] = [0xd9, 0xda];

/** ITU-T T.81, B.1: segments with a length, and the picture behind each that starts a scan. */
function copyJpeg(source: Buffer, picture: Picture): boolean {
  picture.keep(0, 2);
  let isTurned = false;
  let hasScan = false;
  for (let at = 2; at < source.length;) {
    const { marker, start, end } = segmentAt(source, at);
    if (marker === endOfImage) {
      // What follows is another file: a film, or a larger picture.
      picture.keep(start, start + 2);
      return hasScan;
    }
    if (end > source.length || end < start + 4) return false;
    const payload = source.subarray(start + 4, end);
    if (drawsJpeg(marker, payload)) picture.keep(start, end);
    if (marker === app1 && !isTurned) isTurned = keepTurn(payload, picture);
    at = marker === startOfScan ? endOfScan(source, end) : end;
    picture.keep(end, at);
    hasScan ||= marker === startOfScan;
  }
  // A photo that was cut short is seen as far as it goes.
  return hasScan;
}

interface Segment {
  readonly marker: number;
  /** Where its marker starts, behind the bytes that fill up */
  readonly start: number;
  /** Nowhere for what has no length, or is cut short */
  readonly end: number;
}

function segmentAt(source: Buffer, at: number): Segment {
  let next = at;
  while (source[next] === 0xff) next++;
  const marker = next === at ? 0 : (source[next] ?? 0);
  const hasLength = marker >= 0xc0 && (marker < 0xd0 || marker > endOfImage);
  const end = hasLength && next + 2 < source.length ? next + 1 + source.readUInt16BE(next + 1) : 0;
  return { marker, start: next - 1, end };
}

/** Frames, tables and scans; JFIF without a small copy, a colour profile, and how Adobe stores colours. */
function drawsJpeg(marker: number, payload: Buffer): boolean {
  if (marker < 0xe0) return true;
  const starts = (text: string): boolean => payload.toString('latin1', 0, text.length) === text;
  if (marker === app0) return payload.length === 14 && starts('JFIF\0');
  if (marker === app2) return starts('ICC_PROFILE\0');
  return marker === app14 && payload.length === 12 && starts('Adobe');
}

/** 0xff within a scan is followed by 0, by a restart, or by more of itself. */
function endOfScan(source: Buffer, start: number): number {
  for (let at = source.indexOf(0xff, start); at >= 0; at = source.indexOf(0xff, at + 1)) {
    const next = source[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return source.length;
}

/** Phones turn no picture: they say how it has to be turned. Writes EXIF of this alone. */
function keepTurn(payload: Buffer, picture: Picture): boolean {
  const turn = turnIn(payload);
  if (turn < 2 || turn > 8) return false;
  const tiff = Buffer.from('4d4d002a00000008000101120003000000010000000000000000', 'hex');
  tiff.writeUInt16BE(turn, 18);
  picture.add(Buffer.concat([Buffer.of(0xff, app1, 0, 34), exif, tiff]));
  return true;
}

/** TIFF 6.0, section 2: the tag of 0x112 in the first directory. An answer in bytes would be longer than a shorter segment. */
function turnIn(payload: Buffer): number {
  if (payload.length < 32 || !payload.subarray(0, 6).equals(exif)) return 0;
  const tiff = payload.subarray(6);
  const isLittle = tiff[0] === 0x49;
  const number = (at: number, size: 2 | 4): number => {
    if (at + size > tiff.length) return 0;
    return isLittle ? tiff.readUIntLE(at, size) : tiff.readUIntBE(at, size);
  };
  const directory = number(4, 4);
  const end = Math.min(directory + 2 + 12 * number(directory, 2), tiff.length);
  for (let at = directory + 2; at < end; at += 12) {
    if (number(at, 2) === 0x112) return number(at + 8, 2);
  }
  return 0;
}

const pngChunks = new Set(
  'IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP bKGD pHYs acTL fcTL fdAT'.split(' '),
);

/** PNG, 5.3: length, type, bytes and a checksum. */
function copyPng(source: Buffer, picture: Picture): boolean {
  picture.keep(0, 8);
  for (let at = 8; at + 12 <= source.length;) {
    const type = source.toString('latin1', at + 4, at + 8);
    const end = at + 12 + source.readUInt32BE(at);
    if (end > source.length) return false;
    if (pngChunks.has(type)) picture.keep(at, end);
    if (type === 'IEND') return true;
    at = end;
  }
  return false;
}

const webpChunks = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
/** In the flags of VP8X: there is EXIF, there is XMP. */
const webpMetadata = 0x0c;

/** RFC 9649, 2.3: type, length, bytes, and one more where their number is odd. */
function copyWebp(source: Buffer, picture: Picture): boolean {
  picture.keep(0, 12);
  for (let at = 12; at + 8 <= source.length;) {
    const type = source.toString('latin1', at, at + 4);
    const size = source.readUInt32LE(at + 4);
    const end = at + 8 + size + (size % 2);
    if (end > source.length) return false;
    if (webpChunks.has(type)) picture.keep(at, end);
    at = end;
  }
  const { bytes } = picture;
  if (bytes.length < 21) return false;
  bytes.writeUInt32LE(bytes.length - 8, 4);
  if (bytes.toString('latin1', 12, 16) === 'VP8X') bytes[20] = (bytes[20] ?? 0) & ~webpMetadata;
  return true;
}
