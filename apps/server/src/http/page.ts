import { html } from 'hono/html';

type Markup = ReturnType<typeof html>;

/** A plain page: complete without script, styled by one sheet. What is put into `body` must come from `html`. */
export const page = (title: string, body: Markup): Markup =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html> `;
