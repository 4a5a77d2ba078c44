/** Bytes: a bundle of 256 entries of 65,535 bytes, each after two bytes of length */
export const largestFile = 256 * 65_537;
