/** Three ways in which this stands in a photo: EXIF, XMP and IPTC. */
export const placeOfPhoto = 'N52.516275 E13.377704';

interface Placed {
  /** As EXIF numbers them, from 1 */
  readonly orientation?: number;
  readonly isLittleEndian?: boolean;
}

/** The GPS directory of EXIF 2.32 (4.6.6): latitude and longitude as rationals, and the name of their method. */
export function exifWithPlace({ orientation = 1, isLittleEndian = false }: Placed = {}): Buffer {
  const tiff = Buffer.alloc(200);
  const u16 = (at: number, value: number): number =>
    isLittleEndian ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at);
  const u32 = (at: number, value: number): number =>
    isLittleEndian ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at);
  const entry = (at: number, field: readonly [tag: number, type: number, count: number]): void => {
    const [tag, type, count] = field;
    u16(at, tag);
    u16(at + 2, type);
    u32(at + 4, count);
  };
  tiff.write(isLittleEndian ? 'II' : 'MM', 'latin1');
  u16(2, 42);
  u32(4, 8);
  u16(8, 2);
  entry(10, [0x0112, 3, 1]);
  u16(18, orientation);
  entry(22, [0x8825, 4, 1]);
  u32(30, 40);
  u16(40, 3);
  entry(42, [2, 5, 3]);
  u32(50, 90);
  entry(54, [4, 5, 3]);
  u32(62, 114);
  entry(66, [0x1b, 7, placeOfPhoto.length]);
  u32(74, 140);
  for (const [i, value] of [52, 1, 30, 1, 58590, 1000].entries()) u32(90 + 4 * i, value);
  for (const [i, value] of [13, 1, 22, 1, 39734, 1000].entries()) u32(114 + 4 * i, value);
  tiff.write(placeOfPhoto, 140, 'latin1');
  return Buffer.concat([Buffer.from('Exif\0\0'), tiff]);
}

export const jpegSegment = (marker: number, payload: Uint8Array | string): Buffer => {
  const bytes = Buffer.from(payload as string);
  return Buffer.concat([Buffer.of(0xff, marker, (bytes.length + 2) >> 8, bytes.length + 2), bytes]);
};

/** A JPEG as phones make it: EXIF, XMP, IPTC and a comment before the picture, a film of the moment behind its end. */
export const withPlace = (jpeg: Buffer, placed: Placed = {}): Buffer =>
  Buffer.concat([
    jpeg.subarray(0, 2),
    jpegSegment(0xe1, exifWithPlace(placed)),
    jpegSegment(0xe1, `http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>${placeOfPhoto}</x:xmpmeta>`),
    jpegSegment(0xed, `Photoshop 3.0\x008BIM\x04\x04${placeOfPhoto}`),
    jpegSegment(0xfe, placeOfPhoto),
    jpeg.subarray(2),
    Buffer.from(`\0\0\0\x18ftypmp42${placeOfPhoto}`),
  ]);

const base64 = (text: string): Buffer => Buffer.from(text, 'base64');

/** Real pictures of 16 by 8 pixels, or 4 by 4. */
export const pictures = {
  jpeg: base64(
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQ' +
      'YEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAI' +
      'ABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAb/xAAWEAEBAQAAAAAAAAAAAAAAAAAAFGH/xAAVAQEBAAAAAAAAAAAAAAAAAAAE' +
      'Bv/EABcRAAMBAAAAAAAAAAAAAAAAAAAEFVL/2gAMAwEAAhEDEQA/AJGzSzQVsZTIys1o/9k=',
  ),
  png: base64(
    'iVBORw0KGgoAAAANSUhEUgAAAAQAAAAEAQMAAACTPww9AAAAA1BMVEX/AAAZ4gk3AAAAC0lEQVQI12NggAAAAAgAAS8g3TEAAAAASUVORK5CYII=',
  ),
  webp: base64(
    'UklGRkgAAABXRUJQVlA4TDsAAAAvD8ABAD8AEIT/bRMCgRQO0wKBxJ/xXJ5/gkmaajtGB+cDTEOykkIKKaSQQgop5P+xDhH9z+dYhqZIAgA=',
  ),
};
