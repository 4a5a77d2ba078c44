import { html } from 'hono/html';

type Markup = ReturnType<typeof html>;
type Json = Readonly<Record<string, unknown>>;

/** An operation as a page lists it. */
export interface ListedOperation {
  /** Also the anchor of its heading */
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly summary: string;
  /** More about it, such as who may call it */
  readonly note: Markup;
  /** JSON Schemas of what it takes: members of objects are listed, alternatives are left to the document for programs */
  readonly takes: readonly Json[];
}

/** Operations by their groups, with what each member may be: the page of a registry and of an agent. */
export function operationList(operations: readonly ListedOperation[]): Markup {
  const groups = Map.groupBy(operations, ({ group }) => group);
  return html`<ul>
      ${[...groups.keys()].map((group) => html`<li><a href="#${group}">${group}</a></li>`)}
    </ul>
    ${[...groups].map(
      ([group, some]) =>
        html`<h2 id="${group}">${group}</h2>
          ${some.map(oneOperation)}`,
    )}`;
}

function oneOperation({ id, title, summary, note, takes }: ListedOperation): Markup {
  const members = takes.flatMap(membersOf);
  return html`<h3 id="${id}"><code>${title}</code></h3>
    <p>${summary}</p>
    ${note}
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

function membersOf(schema: Json): [string, string][] {
  const { properties = {}, required = [] } = schema as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([member, type]) => [
    member,
    [required.includes(member) ? 'required' : 'optional', typeOf(type)].filter(Boolean).join(', '),
  ]);
}

const listed = new Intl.ListFormat('en');

function typeOf(schema: Json): string {
  const {
    type,
    enum: values,
    items,
    maxLength,
  } = schema as {
    type?: string;
    enum?: unknown[];
    items?: Json;
    maxLength?: number;
  };
  if (values) return `one of ${listed.format(values.map(String))}`;
  if (type === 'array') return `a list of ${items ? typeOf(items) || 'values' : 'values'}`;
  if (type === 'string' && maxLength !== undefined)
    return `text of at most ${maxLength} characters`;
  return type ?? '';
}
