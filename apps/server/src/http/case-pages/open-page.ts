import { html } from 'hono/html';
import type { Markup } from '../markup.ts';
import { page } from '../page.ts';
import { errorSummary, form, textField, type Drawing } from './forms.ts';

/** Where a case is opened: by the link in a notice, or by pasting the code. */
export function openPage(drawing: Drawing): Markup {
  const action = '/case';
  return page(
    'Open your case – Recourse',
    html`<h1>Open your case</h1>
      ${errorSummary(drawing)}
      <p>
        A platform wrote to you that it made a record about you here. With the code in that notice
        you read what it says, and with your key you appeal. You need no account.
      </p>
      ${form(drawing, {
        action,
        fields: textField(drawing, {
          action,
          name: 'code',
          label: 'Code from the notice, or your key',
          hint: 'Eight groups of four letters and digits. You can paste the whole link.',
          most: 400,
        }),
        submit: 'Open the case',
      })}
      <h2>If you have no code</h2>
      <ul>
        <li>
          <a href="/case/find">Find your cases</a> by an email address, a domain name or a wallet
        </li>
        <li>
          <a href="/case/ticket">Find them by an account or an IBAN</a>, with help of a platform
        </li>
      </ul>
      <p class="soft">
        What you enter is sent in the body of a request, never in an address, and no cookie is set.
        <a href="/">What this registry is</a>
      </p>`,
    { script: true },
  );
}
