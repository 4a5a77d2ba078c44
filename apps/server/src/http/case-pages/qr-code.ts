import { html } from 'hono/html';
import { encode } from 'uqr';
import type { Markup } from '../markup.ts';

/** A QR code as one line per run of dark modules: black on white in every theme, with the margin that readers need. */
export function qrCode(text: string, label: string): Markup {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const lines = data.flatMap((row, y) =>
    [
      ...row
        .map((dark) => (dark ? '1' : '0'))
        .join('')
        .matchAll(/1+/g),
    ].map(({ index, 0: run }) => `M${index} ${y}.5h${run.length}`),
  );
  return html`<svg class="qr" role="img" aria-label="${label}" viewBox="0 0 ${size} ${size}">
    <rect width="${size}" height="${size}" fill="#fff" />
    <path d="${lines.join('')}" stroke="#000" />
  </svg>`;
}
