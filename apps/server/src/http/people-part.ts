import type { Governance } from '@recourse/registry';
import { html } from 'hono/html';
import { listed } from '../texts-in.ts';
import type { Markup } from './markup.ts';

type Person = Governance['people'][number];

/** Shows the people with the power to change who takes part, each back to the first. */
export const peoplePart = ({ people }: Pick<Governance, 'people'>): Markup =>
  html`<h2 id="people">People</h2>
    <p>
      Names are what the operator states. No software can show that two holders are two people: ask
      the organisations named here.
    </p>
    ${(['operator', 'reviewer'] as const).map((as) => {
      const title = as === 'operator' ? 'Of the operator' : 'On the panel';
      return html`<table>
        <caption>
          ${title}
        </caption>
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">How they came</th>
          </tr>
        </thead>
        <tbody>
          ${people.map((person) => (person.as === as ? row(person, people) : ''))}
        </tbody>
      </table>`;
    })}`;

function row(person: Person, people: readonly Person[]): Markup {
  const { termUntil, former, invitedBy, countersignedBy } = person;
  const name = (place: number): string => nameIn(people, place);
  return html`<tr>
    <th scope="row">
      <bdi>${name(people.indexOf(person))}</bdi><br /><span class="soft"
        ><bdi>${person.organisation ?? 'organisation not stated'}</bdi>${
          termUntil === undefined ? '' : html`, until ${monthOf(termUntil)}`
        }${former ? ', no longer' : ''}</span
      >
    </th>
    <td>
      ${
        invitedBy === null
          ? person.as === 'operator'
            ? 'the first, by the invite of a new registry'
            : 'the first of the panel, by an invite of two operators'
          : html`invited by <bdi>${name(invitedBy)}</bdi>`
      }${
        countersignedBy.length === 0
          ? ''
          : html`, countersigned by <bdi>${listed(countersignedBy.map(name))}</bdi>`
      }
    </td>
  </tr>`;
}

/** Names a person; one without a name is told apart by a number among their own. */
function nameIn(people: readonly Person[], place: number): string {
  const person = people[place];
  if (person?.name) return person.name;
  const alike = people.slice(0, place + 1).filter((other) => other.as === person?.as);
  return `${person?.as === 'operator' ? 'Operator' : 'Reviewer'} ${alike.length}`;
}

/** Writes a year and a month, such as `2029-04`. */
const monthOf = (month: string): string =>
  new Date(`${month}-01T00:00:00Z`).toLocaleDateString('en-GB', {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });

/** As SECURITY.md has it; a test compares the two. */
export const unseen: readonly string[] = [
  'Refuse to serve, answer slowly, or lose a mail, a text message or a notice and say that it was sent. The log says that a server took a message, never what stood in it.',
  'Mail something else than the fixed message, or a code of another case. Read codes and addresses on their way through the mail server and the SMS gateway.',
  "Serve one visitor a changed page or desk script. It could read a case code or a key, or have a reviewer or a creator sign something else than the page shows. A program of one's own, with the SDK, is safe from that.",
  'Read by SQL which platform asked when, about which record, with which outcome. With the vault key: the accounts, the words and the files of cases. Evidence stays sealed to its reviewers, a shared journal to its platform.',
  'Make or delay rows by SQL that no entry of the log commits to. Among them are counters, quotas within a bound, deadlines that have not passed, and the draw of the next reviewer of a case.',
  'Compute the token of any identifier with the OPRF seed, and test guesses against tokens, prefix sets and, with the vault key, the database.',
  'Sign a second history for one visitor with the log key and the receipt key. A witness sees it, and so does anybody who compares checkpoints. A visitor who asks nobody does not.',
  'Enrol one person twice, as two operators or as an operator and a reviewer, and state two names.',
];

/** Says what nobody outside would see. */
export const unseenPart = html`<h2 id="unseen">What an operator could do unseen</h2>
  <p>
    Two people of the operator, or one with the database and the keys, could do these without any
    public entry, receipt or signature that shows it. The same list is in <code>SECURITY.md</code>.
  </p>
  <ul>
    ${unseen.map((act) => html`<li>${act}</li>`)}
  </ul>`;
