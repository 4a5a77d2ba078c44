import { html } from 'hono/html';
import type { Markup } from './markup.ts';

/**
 * A plain page: complete without script, styled by one sheet. What is put into `body` must come from `html`.
 * @param options `script` adds the one script there is, which only saves steps
 */
export const page = (title: string, body: Markup, options: { script?: boolean } = {}): Markup =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="/style.css" />
        ${options.script ? html`<script src="/case.js" defer></script>` : ''}
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html> `;
