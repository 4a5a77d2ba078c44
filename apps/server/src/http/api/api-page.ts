import type { CaseOperation, Operation } from '@recourse/protocol';
import { html } from 'hono/html';
import { listed } from '../../texts-in.ts';
import type { Linking } from '../choose-language.ts';
import type { Markup } from '../markup.ts';
import { page } from '../page.ts';
import { schemasAt, signedOperations, unsignedOperations, type JsonSchema } from './op-schemas.ts';

type Named = readonly [name: string, operation: Operation | CaseOperation];

/**
 * `/docs/api`: every operation for people.
 * @param list of {@link operationList}, which is the same for every reader
 */
export const apiPage = (list: Markup, linking: Linking): Markup =>
  page(
    'Operations – Recourse',
    html`<h1>Operations</h1>
      <p>
        A platform, the panel and the operator send signed calls to
        <code>/call/&lt;operation&gt;</code>. A creator sends JSON with a secret to
        <code>/trpc/&lt;operation&gt;</code>. Programs read the same as
        <a href="/openapi.json">OpenAPI</a>. The
        <a href="${linking.to('/problems')}">problems</a> say what each refusal means.
      </p>
      ${list}`,
    linking,
  );

/** The operations by their groups, from the tables that `/openapi.json` is made from. */
export function operationList(): Markup {
  const groups = Map.groupBy(
    [...Object.entries(signedOperations), ...Object.entries(unsignedOperations)],
    ([name]: Named) => name.slice(0, name.indexOf('.')),
  );
  return html`<ul>
      ${[...groups.keys()].map((group) => html`<li><a href="#${group}">${group}</a></li>`)}
    </ul>
    ${[...groups].map(
      ([group, operations]) =>
        html`<h2 id="${group}">${group}</h2>
          ${operations.map(oneOperation)}`,
    )}`;
}

function oneOperation([name, operation]: Named): Markup {
  const members = membersOf(name, operation);
  return html`<h3 id="${name}"><code>${name}</code></h3>
    <p>${operation.summary}</p>
    <p class="soft">${callers(operation)} <a href="/schemas/${name}.json">Schema</a></p>
    ${
      members.length === 0
        ? ''
        : html`<dl>
            ${members.map(
              ([term, text]) =>
                html`<dt><code>${term}</code></dt>
                  <dd>${text}</dd>`,
            )}
          </dl>`
    }`;
}

function callers(operation: Operation | CaseOperation): string {
  const does = operation.kind === 'read' ? 'Reads.' : 'Changes something.';
  if (!('roles' in operation)) return `${does} Unsigned.`;
  const keys = `By a key with the role ${new Intl.ListFormat('en', { type: 'disjunction' }).format(operation.roles)}${operation.admin ? ', admin' : ''}.`;
  return `${does} ${keys}${operation.twoHolders ? ' Two people call it.' : ''}`;
}

/** What an operation takes: its members, with what each may be. A schema of alternatives is left to its document. */
function membersOf(name: string, { input }: Operation | CaseOperation): [string, string][] {
  const schemas = schemasAt('#', name, input);
  const { properties = {}, required = [] } = (schemas[name] ?? {}) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([member, schema]) => [
    member,
    [required.includes(member) ? 'required' : 'optional', typeOf(schema)]
      .filter(Boolean)
      .join(', '),
  ]);
}

function typeOf(schema: JsonSchema): string {
  const {
    type,
    enum: values,
    items,
    maxLength,
  } = schema as {
    type?: string;
    enum?: unknown[];
    items?: JsonSchema;
    maxLength?: number;
  };
  if (values) return `one of ${listed(values.map(String))}`;
  if (type === 'array') return `a list of ${items ? typeOf(items) || 'values' : 'values'}`;
  if (type === 'string' && maxLength !== undefined)
    return `text of at most ${maxLength} characters`;
  return type ?? '';
}
