import type { DirectoryEntry, Governance } from '@recourse/registry';
import { html } from 'hono/html';
import type { Linking } from './choose-language.ts';
import { listed } from '../texts-in.ts';
import { time, type Markup } from './markup.ts';
import { page } from './page.ts';
import { peoplePart } from './people-part.ts';

/** What `/governance` says: what the registry keeps, and what its operator states. */
export interface GovernanceDocument extends Governance {
  /** Who operates it, and who pays the panel; null until the operator states it */
  readonly operator: string | null;
  readonly panelPaidBy: string | null;
  /** Who carries mail and text messages, where, and how long they keep logs */
  readonly noticeProcessors: string | null;
}

/** `/governance` as a plain page. What parties state is attacker-controlled text, and is escaped. */
export const governancePage = (of: GovernanceDocument, { to }: Linking): Markup =>
  page(
    'Governance – Recourse',
    html`<h1>Governance</h1>
      <p>
        Who runs this registry, who takes part, and what was done with the power to change either.
        The same <a href="/governance.json">as JSON</a>.
      </p>
      ${running(of)} ${peoplePart(of)} ${notices(of)} ${reviewers(of)} ${members(of)}
      ${newcomers(of)} ${statements(of)} ${acts(of)} ${complaints(to)}`,
    { to },
  );

type Governed = GovernanceDocument;
type Platform = DirectoryEntry & Required<Pick<DirectoryEntry, 'membership' | 'registration'>>;

const platformsOf = ({ parties }: Governed): Platform[] =>
  parties.flatMap((party) => {
    const { membership, registration } = party;
    return membership && registration ? [{ ...party, membership, registration }] : [];
  });

const running = ({ operator, panelPaidBy }: Governed): Markup =>
  html`<h2>Who runs it</h2>
    <dl>
      <dt>Operated by</dt>
      <dd><bdi>${operator ?? 'not stated'}</bdi></dd>
      <dt>The panel is paid by</dt>
      <dd><bdi>${panelPaidBy ?? 'not stated'}</bdi></dd>
    </dl>
    <p>
      The operator belongs to no platform's group. Registering, suspending and restoring platforms,
      inviting and removing reviewers, and executing orders each take two people of the operator.
    </p>`;

const notices = ({ noticeProcessors }: Governed): Markup =>
  html`<h2>Who writes to you</h2>
    <p>
      This registry writes to every email address and phone number of a record: once, and never with
      the reason. The platform hands the address over for that message alone. It is kept sealed
      until a mail server or SMS gateway took the message, 72 hours at most, and used for nothing
      else. Legal basis: GDPR, Article 6(1)(f); the message fulfils Article 14.
    </p>
    <dl>
      <dt>Carried by, in which country, and how long they keep logs</dt>
      <dd><bdi>${noticeProcessors ?? 'not stated'}</bdi></dd>
    </dl>`;

const reviewers = (of: Governed): Markup =>
  html`<h2>What reviewers decide, and nothing of whom</h2>
    <p>
      By the ids that decisions carry. No name stands beside them. All of it is part of a reviewer's
      invitation: no call changes it.
    </p>
    ${
      of.reviewers.length === 0
        ? html`<p>Nobody sits on it.</p>`
        : html`<ul>
            ${of.reviewers.map(
              ({ holder, affiliations, languages, optOut }) =>
                html`<li>
                  <code>${holder}</code><br /><span class="soft"
                    >${
                      affiliations.length === 0
                        ? 'no affiliation'
                        : `decides nothing of ${listed(affiliations.map(({ party }) => nameOf(of, party)))}`
                    }${languages.length === 0 ? '' : `; reads ${listed(languages)}`}${
                      optOut.length === 0 ? '' : `; takes no case of ${listed(optOut)}`
                    }</span
                  >
                </li>`,
            )}
          </ul>`
    }`;

const nameOf = ({ parties }: Governed, id: string): string =>
  parties.find(({ party }) => party === id)?.name ?? id;

const members = (of: Governed): Markup =>
  html`<h2>Platforms</h2>
    ${lookingUp}
    <p>
      Platforms of one group count as one. A match says how many other groups recorded the same
      person. It does not say that they found out independently: a platform that was given evidence
      of another, and commits to it anew, looks as if it did.
    </p>
    ${platformsOf(of)
      .filter(({ membership: { state } }) => state === 'member' || state === 'probation')
      .map(member)}`;

/** What the alarms of checks cannot see, said where anybody reads who the members are. */
const lookingUp = html`<p>
  A member that invents tokens behind published prefixes can learn which identifiers may have a
  record, one in a hundred false, within its daily bounds and without an alarm. Nobody is told then,
  and the registry cannot stop it.
</p>`;

const member = ({ name, registration, membership, limits, party }: Platform): Markup => {
  const { domain, jurisdiction, group, contacts, owners } = registration;
  return html`<h3><bdi>${name}</bdi></h3>
    <p>
      <bdi>${domain}</bdi>, ${jurisdiction}, group ${group}${standing(membership)}.<br />
      Owners above 10 %: <bdi>${listed(owners.map(ownerText)) || 'none'}</bdi>.<br />
      Complaints: <bdi>${contacts.complaints}</bdi>; data protection:
      <bdi>${contacts.dataProtection}</bdi>. ${limitsOf(limits)}<br /><code class="soft"
        >${party}</code
      >
    </p>`;
};

const ownerText = ({ name, percent }: { name: string; percent: number }): string =>
  `${name} (${percent} %)`;

const standing = ({ checkOnly, state, probationUntil }: Platform['membership']): Markup =>
  html`${checkOnly ? '; checks only, submits nothing' : ''}${
    state === 'probation' && probationUntil !== undefined
      ? html`; in probation until ${time(probationUntil)}`
      : ''
  }`;

/** Only what the operator set differs from the rule. */
const limitsOf = ({ submissionsPerDay, elementsPerDay }: DirectoryEntry['limits']): Markup =>
  html`${
    submissionsPerDay === undefined
      ? ''
      : html`<br />Set by the operator: ${submissionsPerDay} records a day.`
  }${
    elementsPerDay === undefined
      ? ''
      : html`<br />Set by the operator: ${elementsPerDay} identifiers a day.`
  }`;

const newcomers = (of: Governed): Markup => {
  const waiting = platformsOf(of).filter(({ membership: { state } }) =>
    ['pending', 'objected', 'refused'].includes(state),
  );
  const leavers = platformsOf(of).filter(({ membership: { state } }) => state === 'left');
  return html`<h2>Registrations and objections</h2>
    ${waiting.length === 0 ? html`<p>None waits.</p>` : ''}
    <ul>
      ${waiting.map(
        ({ name, membership: { state, objectionsUntil, objections } }) =>
          html`<li>
            <bdi>${name}</bdi>:
            ${waitingTexts[state] ?? state}${
              objectionsUntil === undefined ? '' : html`; objections until ${time(objectionsUntil)}`
            }
            ${objections.map(
              ({ by, ground }) =>
                html`<br /><span class="soft">${nameOf(of, by)}: ${ground}</span>`,
            )}
          </li>`,
      )}
    </ul>
    <h2>Who left</h2>
    ${leavers.length === 0 ? html`<p>Nobody.</p>` : ''}
    <ul>
      ${leavers.map(
        ({ name, membership: { leftAt } }) =>
          html`<li><bdi>${name}</bdi>${leftAt === undefined ? '' : html`, ${time(leftAt)}`}</li>`,
      )}
    </ul>`;
};

const waitingTexts: Readonly<Record<string, string>> = {
  pending: 'neither checks nor submits before its window is over',
  objected: 'pending until the panel decides',
  refused: 'refused by the panel',
};

const statements = (of: Governed): Markup => {
  const missing = platformsOf(of).filter(
    ({ membership }) => membership.missingAttestations.length > 0,
  );
  return html`<h2>Demands of authorities</h2>
    <p>
      A member refuses a check or a record that an authority demands, and reports the demand. Each
      quarter it signs that there was none, or how many.
    </p>
    ${missing.map(
      ({ name, membership: { missingAttestations } }) =>
        html`<p class="bad">
          <bdi>${name}</bdi> has filed no statement for ${listed(missingAttestations)}.
        </p>`,
    )}
    <ul>
      ${of.demands.map(
        ({ party, kind, quarter, received, complied, refused }) =>
          html`<li>
            <bdi>${nameOf(of, party)}</bdi>, ${quarter}: ${received} for a ${kind}; ${refused}
            refused, ${complied} complied with
          </li>`,
      )}
      ${of.attestations.map(
        ({ party, quarter, demands: count }) =>
          html`<li>
            <bdi>${nameOf(of, party)}</bdi>, ${quarter}: signed
            ${count === 0 ? 'that there was none' : `that there were ${count}`}
          </li>`,
      )}
    </ul>`;
};

const acts = (of: Governed): Markup =>
  html`<h2>Acts of two</h2>
    ${of.acts.length === 0 ? html`<p>None yet.</p>` : ''}
    <ul>
      ${of.acts.map(
        ({ op, proposedBy, proposedAt, executedBy, executedAt }) =>
          html`<li>
            <code>${op}</code>, proposed ${time(proposedAt)} by <code>${proposedBy}</code>${
              executedBy === undefined || executedAt === undefined
                ? ', not executed'
                : html`, executed ${time(executedAt)} by <code>${executedBy}</code>`
            }
          </li>`,
      )}
    </ul>
    <h2>Orders of courts and data protection authorities</h2>
    ${of.orders.length === 0 ? html`<p>None.</p>` : ''}
    <ul>
      ${of.orders.map(
        ({ effect, body, date, executedAt }) =>
          html`<li>
            ${effect === 'end' ? 'One record ended' : 'One record restricted'} ${time(executedAt)},
            as a ${body.replaceAll('-', ' ')} ordered on ${time(date)}
          </li>`,
      )}
    </ul>`;

const complaints = (to: Linking['to']): Markup =>
  html`<h2>To object or complain</h2>
    <p>
      A member objects to a registration within its window, on a closed list of grounds. Anybody
      else can tell a member. About a record of yours, <a href="${to('/case')}">open your case</a>:
      an appeal costs nothing. About a platform, write to its contact above; about your data, to its
      data protection contact, or to the data protection authority of your country.
    </p> `;
