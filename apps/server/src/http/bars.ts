import { html } from 'hono/html';
import type { Markup } from './markup.ts';

export interface Bars {
  readonly title: string;
  /** Names of the columns; each has a colour of its own and a place in the table */
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly values: readonly number[] }[];
}

const width = 100;
const thick = 6;

/**
 * Bars beside the table that they are drawn from. Drawn by the server, since pages here have no script; the table is what a
 * screen reader reads. Names are chosen by platforms, so none is in the drawing.
 */
export function bars({ title, columns, rows }: Bars): Markup {
  if (rows.length === 0) return html``;
  const most = Math.max(1, ...rows.flatMap(({ values }) => values));
  return html`<table class="bars">
    <caption>
      ${title}
    </caption>
    <thead>
      <tr>
        <td></td>
        ${columns.map((column, at) => html`<th scope="col"><span class="key${at}"></span>${column}</th>`)}
        <td aria-hidden="true"></td>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ name, values }) =>
          html`<tr>
            <th scope="row"><bdi>${name}</bdi></th>
            ${values.map((value) => html`<td>${value}</td>`)}
            <td aria-hidden="true">${drawn(values, most)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

const drawn = (values: readonly number[], most: number): Markup =>
  html`<svg viewBox="0 0 ${width} ${values.length * thick}" preserveAspectRatio="none">
    ${values.map(
      (value, at) =>
        html`<rect
          class="key${at}"
          y="${at * thick}"
          width="${(width * value) / most}"
          height="${thick - 1}"
        />`,
    )}
  </svg>`;
