import type { PanelKind, PanelOutcome } from '@recourse/protocol';
import type { Governance } from '@recourse/registry';
import { html } from 'hono/html';
import { listed } from '../texts-in.ts';
import type { Platform } from './governance-platforms.ts';
import { day, type Markup } from './markup.ts';

type Item<K extends keyof Governance> = Governance[K][number];

/** Shows decisions about those who take part: by votes, by two operators, by courts, and under demands. */
export function decisionsPart(governance: Governance, platforms: readonly Platform[]): Markup {
  const named = (id: string): string =>
    governance.parties.find(({ party }) => party === id)?.name ?? id;
  return html`<h2 id="votes">Votes of the panel</h2>
    <p>
      Reviewers vote on platforms, blind to each other. Until a question closes nobody reads a vote;
      then the ledger has each one as it was signed.
    </p>
    ${table(
      ['Question', 'Outcome'],
      governance.votes.map((vote) => voteRow(vote, named)),
    )}
    ${statements(governance, { platforms, named })}
    <h2 id="acts">Acts of two</h2>
    <p>One person of the operator proposes, and another one executes.</p>
    ${actsTable(governance.acts)}
    <h2>Orders of courts and data protection authorities</h2>
    ${table(
      ['Order', 'Executed'],
      governance.orders.map(({ effect, body, date, executedAt }) => [
        html`${effect === 'end' ? 'One record ended' : 'One record restricted'}, as a
        ${spaced(body)} ordered on ${day(date)}`,
        day(executedAt),
      ]),
    )}`;
}

/** Rows whose first cell heads them; a sentence where there are none. */
const table = (
  [first, ...others]: readonly string[],
  rows: readonly (readonly [Markup, ...Markup[]])[],
): Markup =>
  rows.length === 0
    ? html`<p>None yet.</p>`
    : html`<table>
        <thead>
          <tr>
            <th scope="col">${first}</th>
            ${others.map((title) => html`<th scope="col">${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ([head, ...cells]) =>
              html`<tr>
                <th scope="row">${head}</th>
                ${cells.map((cell) => html`<td>${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>`;

const voteRow = (
  { kind, party, openedAt, dueAt, closedAt, outcome, votes = [] }: Item<'votes'>,
  named: (id: string) => string,
): [Markup, Markup] => [
  html`${questions[kind]} <bdi>${named(party)}</bdi><br /><span class="soft"
      >asked ${day(openedAt)}</span
    >`,
  closedAt === undefined || outcome === undefined
    ? html`open${kind === 'admission' ? '' : html`, until ${day(dueAt)}`}`
    : html`<strong>${outcomes[outcome]}</strong>, ${day(closedAt)}<br /><span class="soft"
          >${
            votes.length === 0
              ? 'nobody voted in time'
              : `votes: ${listed(votes.map((vote) => outcomes[vote]))}`
          }</span
        >`,
];

const questions: Readonly<Record<PanelKind, string>> = {
  'party-suspension': 'Suspend for its errors:',
  inquiry: 'Suspend after an inquiry:',
  speech: 'Suspend for what it recorded of speech, or for an authority:',
  'suspension-appeal': 'Appeal against its suspension:',
  admission: 'Admit in spite of objections:',
  group: 'Belongs to a group that it did not name:',
  challenge: 'An identifier changed hands, says',
  strikes: 'Strike cases from what it is judged by:',
};

const outcomes: Readonly<Record<PanelOutcome, string>> = {
  suspend: 'suspend',
  refuse: 'refuse',
  uphold: 'uphold',
  lift: 'lift',
  admit: 'admit',
  join: 'joined to the group',
  detach: 'detach',
  keep: 'leave as it is',
  strike: 'strike',
};

/** Rows that are seen at once; the rest is a click away. */
const newestShown = 10;

function actsTable(acts: Governance['acts']): Markup {
  const rows = acts.map(actRow);
  const columns = ['Act', 'When and by whom'];
  return html`${table(columns, rows.slice(0, newestShown))}
  ${
    rows.length <= newestShown
      ? ''
      : html`<details>
          <summary>${rows.length - newestShown} earlier acts</summary>
          ${table(columns, rows.slice(newestShown))}
        </details>`
  }`;
}

const actRow = ({
  op,
  proposedBy,
  proposedAt,
  executedBy,
  executedAt,
}: Item<'acts'>): [Markup, Markup] => [
  html`${actNames[op] ?? html`<code>${op}</code>`}`,
  html`proposed ${day(proposedAt)} by <code>${short(proposedBy)}</code><br />${
      executedBy === undefined || executedAt === undefined
        ? 'not executed'
        : html`executed ${day(executedAt)} by <code>${short(executedBy)}</code>`
    }`,
];

/** The end of an id, enough to tell two people apart; the JSON has the whole. */
const short = (id: string): string => `…${id.slice(-6)}`;

const actNames: Readonly<Record<string, string>> = {
  'platforms.register': 'Register a platform',
  'platforms.setGroup': 'Move a platform to another group',
  'platforms.setQuota': 'Set the daily bounds of a platform',
  'platforms.suspend': 'Suspend a platform',
  'platforms.restore': 'Restore a platform',
  'platforms.leave': 'End a membership',
  'platforms.reenrol': 'Give a platform new keys',
  'panel.invite': 'Seat a reviewer',
  'panel.remove': 'End the term of a reviewer',
  'taxonomy.enable': 'Enable reasons that name a crime',
  'sanctions.void': 'End what a stolen key signed',
  'orders.execute': 'Execute an order',
};

const spaced = (text: string): string => text.replaceAll('-', ' ');

function statements(
  governance: Governance,
  { platforms, named }: { platforms: readonly Platform[]; named: (id: string) => string },
): Markup {
  const missing = platforms.filter(({ membership }) => membership.missingAttestations.length > 0);
  const rows = [
    ...governance.demands.map(
      ({ party, kind, quarter, received, complied, refused }): [Markup, Markup] => [
        html`<bdi>${named(party)}</bdi>, ${quarter}`,
        html`${received} for a ${spaced(kind)}: ${refused} refused, ${complied} complied with`,
      ],
    ),
    ...governance.attestations.map(({ party, quarter, demands }): [Markup, Markup] => [
      html`<bdi>${named(party)}</bdi>, ${quarter}`,
      html`signed ${demands === 0 ? 'that there was none' : `that there were ${demands}`}`,
    ]),
  ];
  return html`<h2>Demands of authorities</h2>
    <p>
      A member refuses a check or a record that an authority demands, and reports the demand. Each
      quarter it signs that there was none, or how many.
    </p>
    ${
      missing.length === 0
        ? ''
        : html`<div class="note bad">
            ${missing.map(
              ({ name, membership: { missingAttestations } }) =>
                html`<p>
                  <bdi>${name}</bdi> has filed no statement for ${listed(missingAttestations)}.
                </p>`,
            )}
          </div>`
    }
    ${rows.length === 0 && missing.length > 0 ? '' : table(['Who, and when', 'What they say'], rows)}`;
}
