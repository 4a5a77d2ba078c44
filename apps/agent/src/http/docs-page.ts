import { html } from 'hono/html';
import { jsonSchemaOf } from './openapi.ts';
import type { Description } from './route.ts';

type Markup = ReturnType<typeof html>;

/** Everything that the agent answers, on one page: without a script, a font or a request to anywhere. */
export const docsPage = (routes: readonly Description[], version: string): Markup =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Recourse agent</title>
        <link rel="stylesheet" href="/docs/style.css" />
      </head>
      <body>
        <main>
          <h1>Recourse agent</h1>
          <p class="soft">
            Version ${version}. For generators: <a href="/openapi.json">OpenAPI 3.1</a>.
          </p>
          <p>
            JSON in and out. What is refused is
            <code>application/problem+json</code>: act on its <code>code</code>,
            <code>next</code> says what to do.
          </p>
          <nav aria-label="Paths">
            <ul>
              ${routes.map(
                ({ id, method, path, summary }) =>
                  html`<li>
                    <a href="#${id}"><code>${method} ${path}</code></a> ${summary}
                  </li>`,
              )}
            </ul>
          </nav>
          ${routes.map((described) => section(described))}
        </main>
      </body>
    </html>`;

const section = (described: Description): Markup =>
  html`<section id="${described.id}">
    <h2><code>${described.method} ${described.path}</code></h2>
    <p>${described.summary} ${described.text ?? ''}</p>
    ${fieldsOf('Path', described.params)} ${fieldsOf('Query', described.query)}
    ${described.body === undefined ? '' : schemaOf('Body', jsonSchemaOf(described.body))}
    ${exampleOf(described)}
    ${Object.entries(described.answers).map(([status, { text, schema }]) =>
      schema === undefined
        ? html`<p><strong>${status}</strong> ${text}</p>`
        : schemaOf(`${status}: ${text}`, jsonSchemaOf(schema)),
    )}
  </section>`;

function fieldsOf(title: string, fields: Description['query']): Markup | string {
  const { properties = {} } = jsonSchemaOf(fields);
  const names = Object.keys(properties);
  return names.length === 0 ? '' : schemaOf(`${title}: ${names.join(', ')}`, properties);
}

/** A summary is a button to the keyboard and to a screen reader. */
const schemaOf = (title: string, schema: unknown): Markup =>
  html`<details>
    <summary>${title}</summary>
    <pre tabindex="0">${JSON.stringify(schema, null, 2)}</pre>
  </details>`;

function exampleOf({ method, path, body, example }: Description): Markup | string {
  if (body === undefined || example === undefined) return '';
  const json = JSON.stringify(example, null, 2);
  return html`<pre tabindex="0">
curl -X ${method} http://127.0.0.1:4810${path} \\
  -H 'Content-Type: application/json' -d '${json}'</pre>`;
}

export const docsStyle = `:root{color-scheme:light dark;--ink:#1c2024;--soft:#5a6470;--line:#d5dae0;--paper:#fdfdfc;--link:#0b5cad}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a3adb8;--line:#3a424b;--paper:#15181b;--link:#8ab8f0}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 system-ui,sans-serif;overflow-wrap:break-word}
main{max-width:50rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
h1{font-size:1.75rem;line-height:1.25;margin:0 0 .75rem}
h2{font-size:1.125rem;margin:2.5rem 0 .5rem}
ul{padding-inline-start:1.25rem}
a,summary{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
code,pre{font:.9375rem/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
pre{overflow-x:auto;padding:.75rem 1rem;border:1px solid var(--line);border-radius:.375rem;white-space:pre-wrap}
summary{cursor:pointer;padding:.375rem 0}
.soft{color:var(--soft)}
`;
