import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** 8 bits a channel, three or four channels, not interlaced: what Chromium writes (PNG, section 11.2.2). */
interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  readonly bytes: Uint8Array;
}

const signature = Buffer.from('89504e470d0a1a0a', 'hex');
const mostColours = 256;

/** The same picture with at most 256 colours, a byte a point: a page of text needs no more, and weighs a third. */
export function withPalette(png: Buffer): Buffer {
  const { width, height, channels, bytes } = decode(png);
  for (let dropped = 0; dropped < 8; dropped++) {
    const palette = new Map<number, number>();
    const rows = Buffer.alloc(height * (width + 1));
    for (let point = 0; point < width * height && palette.size <= mostColours; point++) {
      const colour = colourAt(bytes, point * channels, dropped);
      const known = palette.get(colour) ?? palette.size;
      palette.set(colour, known);
      rows[point + Math.floor(point / width) + 1] = known;
    }
    if (palette.size <= mostColours) return encode({ width, height, rows, palette });
  }
  throw new Error('no palette');
}

/** Without the lowest bits of each channel, and still black and white where it was. */
function colourAt(bytes: Uint8Array, at: number, dropped: number): number {
  let colour = 0;
  for (let channel = 0; channel < 3; channel++) {
    const top = bytes[at + channel]! >> dropped;
    colour = colour * 256 + Math.round((top * 255) / (255 >> dropped));
  }
  return colour;
}

function decode(png: Buffer): Picture {
  const header = chunk(png, 'IHDR')[0]!;
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const channels = header[9] === 6 ? 4 : 3;
  const raw = inflateSync(Buffer.concat(chunk(png, 'IDAT')));
  const stride = width * channels;
  const bytes = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)]!;
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x < channels ? 0 : bytes[at - channels]!;
      const up = y === 0 ? 0 : bytes[at - stride]!;
      const corner = x < channels || y === 0 ? 0 : bytes[at - stride - channels]!;
      bytes[at] = raw[y * (stride + 1) + 1 + x]! + predicted(filter, { left, up, corner });
    }
  }
  return { width, height, channels, bytes };
}

/** PNG, section 9.2. */
function predicted(
  filter: number,
  { left, up, corner }: { left: number; up: number; corner: number },
): number {
  if (filter < 3) return [0, left, up][filter] ?? 0;
  if (filter === 3) return Math.floor((left + up) / 2);
  const guess = left + up - corner;
  const [a, b, c] = [left, up, corner].map((one) => Math.abs(guess - one)) as [
    number,
    number,
    number,
  ];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

function chunk(png: Buffer, name: string): Buffer[] {
  const found: Buffer[] = [];
  for (let at = signature.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 8, at + 8 + length);
    if (png.toString('latin1', at + 4, at + 8) === name) found.push(body);
    at += length + 12;
  }
  return found;
}

function encode(of: {
  width: number;
  height: number;
  rows: Buffer;
  palette: ReadonlyMap<number, number>;
}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(of.width, 0);
  header.writeUInt32BE(of.height, 4);
  // Eight bits a point, by a palette
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(
    [...of.palette.keys()].flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]),
  );
  return Buffer.concat([
    signature,
    written('IHDR', header),
    written('PLTE', colours),
    written('IDAT', deflateSync(of.rows, { level: 9 })),
    written('IEND', Buffer.alloc(0)),
  ]);
}

function written(name: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(body.length, 0);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}
