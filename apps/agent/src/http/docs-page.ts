import { operationList, type ListedOperation } from '@recourse/serving';
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
          ${operationList(routes.map(listed))}
        </main>
      </body>
    </html>`;

const listed = (described: Description): ListedOperation => {
  const { id, method, path, summary, text = '', answers, params, query, body } = described;
  const fields = [params, query, ...(body ? [body] : [])];
  return {
    id,
    title: `${method} ${path}`,
    group: path.split('/')[1] ?? path,
    summary,
    note: html`<p>
        ${text}
        ${Object.entries(answers).map(([status, one]) => html`<strong>${status}</strong> ${one.text} `)}
      </p>
      ${exampleOf(described)}`,
    takes: fields.map(jsonSchemaOf),
  };
};

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
h2{font-size:1.25rem;margin:2.5rem 0 .5rem}
h3{font-size:1.0625rem;margin:2rem 0 .5rem}
dd{margin:0 0 .5rem 1.25rem}
ul{padding-inline-start:1.25rem}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
code,pre{font:.9375rem/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
pre{overflow-x:auto;padding:.75rem 1rem;border:1px solid var(--line);border-radius:.375rem;white-space:pre-wrap}
.soft{color:var(--soft)}
`;
