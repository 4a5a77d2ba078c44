import { html } from 'hono/html';
import { time, type Markup } from '../markup.ts';
import { page } from '../page.ts';

/** The code of a case that somebody holds: nothing of the case, and how to contest that. */
export const claimedPage = (claimedAt: string): Markup =>
  page(
    'This case was claimed – Recourse',
    html`<h1>This case was claimed</h1>
      <p>
        On ${time(claimedAt)} somebody claimed it. Since then only their key opens it, and this code
        shows nothing else.
      </p>
      <h2>If that was you</h2>
      <p><a href="/case">Open it with the key</a> you got when you claimed it.</p>
      <h2>If that was not you, or the key is lost</h2>
      <p>
        Prove that an address or account in the record is yours. You then take the case over: the
        other key stops working, and an open appeal made with it becomes void.
      </p>
      <ul>
        <li><a href="/case/find">By an email address, a domain name or a wallet</a></li>
        <li><a href="/case/ticket">By an account or an IBAN, with help of a platform</a></li>
      </ul>`,
    { script: true },
  );
