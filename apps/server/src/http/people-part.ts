import type { Governance } from '@recourse/registry';
import { html } from 'hono/html';
import { listed } from '../texts-in.ts';
import type { Markup } from './markup.ts';

type Person = Governance['people'][number];

/** Who has the power to change who takes part, each back to the first, and what nobody outside would see. */
export const peoplePart = ({ people }: Pick<Governance, 'people'>): Markup =>
  html`<h2>People</h2>
    <p>
      Names are what the operator states. No software can show that two holders are two people: ask
      the organisations named here.
    </p>
    ${(['operator', 'reviewer'] as const).map(
      (as) =>
        html`<h3>${as === 'operator' ? 'The operator' : 'The panel'}</h3>
          <ul>
            ${people.map((person) => (person.as === as ? line(person, people) : ''))}
          </ul>`,
    )}
    <h3>What an operator could do unseen</h3>
    <p>
      Two people of the operator, or one with the database and the keys, could do these without any
      public entry, receipt or signature that shows it. The same list is in
      <code>SECURITY.md</code>.
    </p>
    <ul>
      ${unseen.map((act) => html`<li>${act}</li>`)}
    </ul>`;

const line = (person: Person, people: readonly Person[]): Markup => {
  const { termUntil, former, invitedBy, countersignedBy } = person;
  const name = (place: number): string => nameOf(people[place]);
  return html`<li>
    <bdi>${nameOf(person)}</bdi>,
    <bdi>${person.organisation ?? 'organisation not stated'}</bdi
    >${termUntil === undefined ? '' : html`, until ${termUntil}`}${
      former ? ', no longer' : ''
    }<br /><span class="soft"
      >${
        invitedBy === null
          ? person.as === 'operator'
            ? 'the first, by the invite of a new registry'
            : 'the first of the panel, by an invite of two operators'
          : html`invited by <bdi>${name(invitedBy)}</bdi>`
      }${
        countersignedBy.length === 0
          ? ''
          : html`, countersigned by <bdi>${listed(countersignedBy.map(name))}</bdi>`
      }</span
    >
  </li>`;
};

const nameOf = (person: Person | undefined): string => person?.name ?? 'somebody not named';

/** As SECURITY.md has it; a test compares the two. */
export const unseen: readonly string[] = [
  'Refuse to serve, answer slowly, or lose a mail, a text message or a notice and say that it was sent. The log says that a server took a message, never what stood in it.',
  'Mail something else than the fixed message, or a code of another case. Read codes and addresses on their way through the mail server and the SMS gateway.',
  "Serve one visitor a changed page or desk script. It could read a case code or a key, or have a reviewer or a creator sign something else than the page shows. The command line and an SDK of one's own are safe from that.",
  'Read by SQL which platform asked when, about which record, with which outcome. With the vault key: the accounts, the words and the files of cases. Evidence stays sealed to its reviewers.',
  'Make or delay rows by SQL that no entry of the log commits to. Among them are counters, quotas within a bound, deadlines that have not passed, and the draw of the next reviewer of a case.',
  'Compute the token of any identifier with the OPRF seed, and test guesses against tokens, prefix sets and, with the vault key, the database.',
  'Sign a second history for one visitor with the log key and the receipt key. A witness sees it, and so does anybody who compares checkpoints. A visitor who asks nobody does not.',
  'Enrol one person twice, as two operators or as an operator and a reviewer, and state two names.',
];
