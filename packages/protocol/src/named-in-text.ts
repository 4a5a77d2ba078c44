/** What names somebody in a text, as the code of an issue. */
export type NameInText = 'names-an-address' | 'names-a-link' | 'names-a-number' | 'names-a-handle';

export interface NamedInText {
  readonly code: NameInText;
  /** UTF-16 units before it, and before what follows it */
  readonly from: number;
  readonly to: number;
}

/** Numbers are those of a telephone, a bank account, a card or a wallet: amounts and dates have another form. */
const forms: Readonly<Record<NameInText, readonly RegExp[]>> = {
  'names-a-link': [/\b(?:https?:\/\/|www\.)[^\s<>"]+/giu],
  'names-an-address': [/[^\s@<>()"',;]+@[^\s@<>()"',;]+\.[\p{L}\d-]{2,}/gu],
  'names-a-handle': [/(?<![\p{L}\d.@])@[\p{L}\d_][\p{L}\d_.]+/gu],
  'names-a-number': [
    /(?:\+|\b00)\d(?:[ ()./-]{0,2}\d){6,}/gu,
    /\b0\d{2,4}[ /-]\d{3,}/gu,
    /\b\d{4}(?:[ -]\d{4}){2,}/gu,
    /\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,}(?: ?[A-Z\d]{1,3}\b)?/gu,
    /\b0x[\da-f]{40}\b/giu,
    /\b\d{9,}\b/gu,
  ],
};

/**
 * Finds addresses, links, numbers and handles in a text that names nobody, in their order. It helps whoever writes: a
 * name, a bare domain, or "name at host" is not found.
 */
export function namedInText(text: string): NamedInText[] {
  const found = (Object.keys(forms) as NameInText[]).flatMap((code) =>
    forms[code].flatMap((form) =>
      Array.from(text.matchAll(form), ({ 0: { length }, index }) => ({
        code,
        from: index,
        to: index + length,
      })),
    ),
  );
  const inOrder = found.toSorted((a, b) => a.from - b.from || b.to - a.to);
  return inOrder.filter(({ from }, at) => inOrder.slice(0, at).every(({ to }) => to <= from));
}
