import { exifWithPlace, jpegSegment, pictures, placeOfPhoto, withPlace } from '@recourse/testkit';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { withoutMetadata } from './without-metadata.ts';

const jpeg = (bytes: Uint8Array): Uint8Array | undefined => withoutMetadata(bytes, 'image/jpeg');
const png = (bytes: Uint8Array): Uint8Array | undefined => withoutMetadata(bytes, 'image/png');
const webp = (bytes: Uint8Array): Uint8Array | undefined => withoutMetadata(bytes, 'image/webp');

/** In any of the ways in which the photo has it, as text or as rationals. */
const tellsPlace = (bytes: Uint8Array | undefined): boolean => {
  const text = Buffer.from(bytes ?? []).toString('latin1');
  const latitude = Buffer.from('0000003400000001', 'hex').toString('latin1');
  return [placeOfPhoto, 'GPS', latitude, 'ftyp', 'xmp', '8BIM'].some((part) => text.includes(part));
};
const { jpeg: picture } = pictures;
/** After the marker of the start */
const into = (...segments: Uint8Array[]): Buffer =>
  Buffer.concat([picture.subarray(0, 2), ...segments, picture.subarray(2)]);

describe('a JPEG', () => {
  test('keeps no place in EXIF, XMP, IPTC, a comment or a film behind it, and every byte of the picture', () => {
    const photo = withPlace(picture);
    expect(tellsPlace(photo)).toBe(true);
    expect(jpeg(photo)).toEqual(picture);
  });

  test.each([2, 3, 6, 8])('turned by %i stays turned, in either byte order', (orientation) => {
    for (const isLittleEndian of [false, true]) {
      const bytes = jpeg(withPlace(picture, { orientation, isLittleEndian }))!;
      expect([tellsPlace(bytes), bytes.length]).toEqual([false, picture.length + 36]);
      const said = Buffer.from(bytes).subarray(2, 38).toString('hex');
      expect(said).toBe(
        `ffe100224578696600004d4d002a0000000800010112000300000001000${orientation}000000000000`,
      );
    }
  });

  test('says once how it is turned, by the first EXIF that does', () => {
    const turned = (orientation: number) => jpegSegment(0xe1, exifWithPlace({ orientation }));
    const bytes = jpeg(into(turned(0), turned(77), turned(6), turned(3)));
    expect(bytes).toEqual(jpeg(into(turned(6))));
  });

  test('keeps a profile of colours and what Adobe says of them, and no other segment of an application', () => {
    const profile = jpegSegment(0xe2, 'ICC_PROFILE\0\u0001\u0001profile');
    const adobe = jpegSegment(0xee, 'Adobe\0d\0\0\0\0\u0001');
    const others = [0xe0, 0xe2, 0xe3, 0xeb, 0xee, 0xef, 0xf0, 0xfd].map((marker) =>
      jpegSegment(marker, `MPF\0 ${placeOfPhoto}`),
    );
    expect(jpeg(into(profile, ...others, adobe))).toEqual(into(profile, adobe));
  });

  test('of several scans is whole: a marker within one is none', () => {
    const scan = picture.subarray(picture.lastIndexOf(Buffer.of(0xff, 0xda)), -2);
    const bytes = Buffer.concat([
      picture.subarray(0, -2),
      Buffer.of(0xff, 0, 1, 0xff, 0xd0, 2, 0xff, 0xd7, 3, 0xff),
      jpegSegment(0xe1, placeOfPhoto),
      scan,
      Buffer.of(0xff, 0xd9),
    ]);
    const copy = Buffer.from(jpeg(bytes)!);
    expect(tellsPlace(copy)).toBe(false);
    expect(copy.length).toBe(bytes.length - placeOfPhoto.length - 4);
    expect(copy.subarray(-scan.length - 2)).toEqual(Buffer.concat([scan, Buffer.of(0xff, 0xd9)]));
  });

  test('that is cut short within the picture ends there', () => {
    const cut = picture.subarray(0, -5);
    expect(jpeg(cut)).toEqual(cut);
  });

  test.each<[string, Uint8Array]>([
    ['nothing after its start', picture.subarray(0, 2)],
    ['a marker and no more', Buffer.of(0xff, 0xd8, 0xff)],
    ['only bytes that fill up', Buffer.alloc(100, 0xff)],
    ['an end and no picture', Buffer.of(0xff, 0xd8, 0xff, 0xd9)],
    ['a length of nothing', into(Buffer.of(0xff, 0xe1, 0, 0))],
    ['a length of one', into(Buffer.of(0xff, 0xe1, 0, 1))],
    ['a length beyond its end', into(Buffer.of(0xff, 0xe1, 0xff, 0xff))],
    ['a length that is too short', into(Buffer.of(0xff, 0xe1, 0, 2), Buffer.from(placeOfPhoto))],
    ['half a length', Buffer.of(0xff, 0xd8, 0xff, 0xe1, 0)],
    ['bytes where a marker should stand', into(Buffer.from(placeOfPhoto))],
    ['a second start', into(Buffer.of(0xff, 0xd8))],
  ])('with %s is none', (_, bytes) => {
    expect(jpeg(bytes)).toBeUndefined();
  });

  test('cut anywhere tells no place, and throws nothing', () => {
    const photo = withPlace(picture, { orientation: 6 });
    for (let length = 0; length <= photo.length; length++) {
      expect(tellsPlace(jpeg(photo.subarray(0, length)))).toBe(false);
    }
  });

  test('with a byte changed anywhere throws nothing and never grows', () => {
    const photo = withPlace(picture, { orientation: 6 });
    for (let at = 2; at < photo.length; at++) {
      for (const value of [0, 1, 0xd9, 0xff]) {
        const changed = Buffer.from(photo);
        changed[at] = value;
        expect(jpeg(changed)?.length ?? 0).toBeLessThanOrEqual(changed.length);
      }
    }
  });

  test('of half a million segments is copied', () => {
    const segments = Buffer.alloc(2 * 1024 * 1024, Buffer.of(0xff, 0xc4, 0, 2));
    expect(jpeg(into(segments))).toEqual(into(segments));
  });
});

const chunk = (type: string, text: string): Buffer => {
  const body = Buffer.from(type + text, 'latin1');
  const bytes = Buffer.alloc(body.length + 8);
  bytes.writeUInt32BE(text.length);
  body.copy(bytes, 4);
  bytes.writeUInt32BE(crc32(body), body.length + 4);
  return bytes;
};

describe('a PNG', () => {
  const { png: small } = pictures;
  /** After the header */
  const withChunks = (...chunks: Buffer[]): Buffer =>
    Buffer.concat([small.subarray(0, 33), ...chunks, small.subarray(33)]);

  test('keeps neither text nor EXIF nor a chunk that is unknown, and nothing behind its end', () => {
    const kinds = ['tEXt', 'zTXt', 'iTXt', 'eXIf', 'tIME', 'iDOT', 'caBX', 'abCd'];
    const photo = withChunks(...kinds.map((kind) => chunk(kind, placeOfPhoto)));
    expect(png(Buffer.concat([photo, Buffer.from(placeOfPhoto)]))).toEqual(small);
  });

  test('keeps its colours', () => {
    const colours = withChunks(chunk('gAMA', '\0\0\xb1\x8f'), chunk('sRGB', '\0'));
    expect(png(colours)).toEqual(colours);
  });

  test('with a length that lies, or without its end, is none', () => {
    const lying = withChunks(chunk('tEXt', placeOfPhoto));
    lying.writeUInt32BE(0xffffffff, 33);
    expect([png(lying), png(small.subarray(0, -1)), png(small.subarray(0, 8))]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('a WebP', () => {
  const riff = (type: string, bytes: Uint8Array): Buffer => {
    const head = Buffer.from(`${type}\0\0\0\0`, 'latin1');
    head.writeUInt32LE(bytes.length, 4);
    return Buffer.concat([head, bytes, Buffer.alloc(bytes.length % 2)]);
  };
  const extended = (flags: number): Buffer =>
    riff('VP8X', Buffer.of(flags, 0, 0, 0, 15, 0, 0, 7, 0, 0));
  const file = (...chunks: Buffer[]): Buffer =>
    riff('RIFF', Buffer.concat([Buffer.from('WEBP'), ...chunks]));
  const drawn = pictures.webp.subarray(12);

  test('keeps neither EXIF nor XMP, and says that it has none', () => {
    const exif = riff('EXIF', exifWithPlace());
    const photo = file(extended(0x1c), drawn, exif, riff('XMP ', Buffer.from(placeOfPhoto)));
    expect(webp(photo)).toEqual(file(extended(0x10), drawn));
    expect(webp(pictures.webp)).toEqual(pictures.webp);
  });

  test('with a length that lies, or nothing in it, is none', () => {
    const lying = Buffer.from(pictures.webp);
    lying.writeUInt32LE(0xffffffff, 16);
    expect([webp(lying), webp(pictures.webp.subarray(0, 12))]).toEqual([undefined, undefined]);
  });
});

test('another kind of file is as it was', () => {
  const bytes = Buffer.from('%PDF-1.7 mine');
  expect(withoutMetadata(bytes, 'application/pdf')).toBe(bytes);
  expect(withoutMetadata(bytes, 'constructor')).toBe(bytes);
});
