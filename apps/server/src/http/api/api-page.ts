import type { CaseOperation, Operation } from '@recourse/protocol';
import { operationList, type ListedOperation } from '@recourse/serving';
import { html } from 'hono/html';
import type { Linking } from '../choose-language.ts';
import type { Markup } from '../markup.ts';
import { page } from '../page.ts';
import { schemasAt, signedOperations, unsignedOperations } from './op-schemas.ts';

/**
 * `/docs/api`: every operation for people.
 * @param list of {@link listOfOperations}, which is the same for every reader
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

/** The operations, from the tables that `/openapi.json` is made from. */
export const listOfOperations = (): Markup =>
  operationList(
    Object.entries<Operation | CaseOperation>({ ...signedOperations, ...unsignedOperations }).map(
      listed,
    ),
  );

const listed = ([name, operation]: [string, Operation | CaseOperation]): ListedOperation => ({
  id: name,
  title: name,
  group: name.slice(0, name.indexOf('.')),
  summary: operation.summary,
  note: html`<p class="soft">${callers(operation)} <a href="/schemas/${name}.json">Schema</a></p>`,
  takes: [schemasAt('#', name, operation.input)[name] ?? {}],
});

function callers(operation: Operation | CaseOperation): string {
  const does = operation.kind === 'read' ? 'Reads.' : 'Changes something.';
  if (!('roles' in operation)) return `${does} Unsigned.`;
  const keys = `By a key with the role ${new Intl.ListFormat('en', { type: 'disjunction' }).format(operation.roles)}${operation.admin ? ', admin' : ''}.`;
  return `${does} ${keys}${operation.twoHolders ? ' Two people call it.' : ''}`;
}
