import type { Texts } from '@recourse/texts';
import { html } from 'hono/html';
import { textsIn } from '../texts-in.ts';
import type { Markup } from './markup.ts';

interface PageOptions {
  /** Adds the one script there is, which only saves steps */
  readonly script?: boolean;
  readonly texts?: Texts;
}

/** A plain page: complete without script, styled by one sheet. What is put into `body` must come from `html`. */
export function page(title: string, body: Markup, options: PageOptions = {}): Markup {
  const { language, facts } = options.texts ?? textsIn('en');
  return html`<!doctype html>
    <html lang="${language}" dir="${facts.direction}">
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
}
