import type { DirectoryEntry, Governance } from '@recourse/registry';
import { html } from 'hono/html';
import { listed } from '../texts-in.ts';
import type { Linking } from './choose-language.ts';
import { decisionsPart } from './governance-decisions.ts';
import { platformsPart, type Platform } from './governance-platforms.ts';
import type { Markup } from './markup.ts';
import { page } from './page.ts';
import { peoplePart, unseenPart } from './people-part.ts';

/** Document of `/governance`: what the registry keeps, and what its operator states. */
export interface GovernanceDocument extends Governance {
  /** The operator, and who pays the panel; null until the operator states it */
  readonly operator: string | null;
  readonly panelPaidBy: string | null;
  /** Carriers of mail and text messages, where they are, and how long they keep logs */
  readonly noticeProcessors: string | null;
  /** Parties whose witnesses cosign the ledger, and how many of them a checkpoint needs */
  readonly witnesses: { readonly parties: readonly string[]; readonly threshold: number };
}

/** `/governance` as a plain page. What parties state is attacker-controlled text, and is escaped. */
export function governancePage(governance: GovernanceDocument, { to }: Linking): Markup {
  const platforms = governance.parties.flatMap(asPlatform);
  return page(
    'Governance – Recourse',
    html`<h1>Governance</h1>
      ${status(governance, platforms)}
      <nav aria-label="On this page">
        <ul class="inline">
          ${parts.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}
        </ul>
      </nav>
      <p class="soft">
        The same <a href="/governance.json">as JSON</a>. Every act here is in
        <a href="${to('/ledger')}">the public ledger</a>.
      </p>
      ${roles(governance, platforms)} ${peoplePart(governance)} ${reviewers(governance)}
      ${unseenPart} ${platformsPart(platforms, governance.parties)}
      ${decisionsPart(governance, platforms)} ${notices(governance)} ${complaints(to)}`,
    { to },
  );
}

const nameOf = ({ parties }: GovernanceDocument, id: string): string =>
  parties.find(({ party }) => party === id)?.name ?? id;

const asPlatform = (party: DirectoryEntry): Platform[] => {
  const { membership, registration } = party;
  return membership && registration ? [{ ...party, membership, registration }] : [];
};

const parts = [
  ['roles', 'Who holds which role'],
  ['people', 'People'],
  ['unseen', 'What an operator could do unseen'],
  ['platforms', 'Platforms'],
  ['votes', 'Votes of the panel'],
  ['acts', 'Acts of two'],
  ['complaints', 'To object or complain'],
] as const;

const inState = (platforms: readonly Platform[], ...states: string[]): Platform[] =>
  platforms.filter(({ membership: { state } }) => states.includes(state));

/** First what a reader came for: who it is, who is in it, and what is open now. */
function status(governance: GovernanceDocument, platforms: readonly Platform[]): Markup {
  const members = inState(platforms, 'member', 'probation').length;
  const open = governance.votes.filter(({ closedAt }) => closedAt === undefined).length;
  const waiting = inState(platforms, 'pending', 'objected').length;
  const proposed = governance.acts.filter(({ executedAt }) => executedAt === undefined).length;
  const stopped = platforms.filter(
    (platform) => platform.checksStopped || platform.submissionsSuspended,
  ).length;
  const now = [
    counted(waiting, 'registration', 'that members may object to'),
    counted(open, 'question', 'before the panel'),
    counted(proposed, 'act', 'that a second operator has not executed'),
    counted(stopped, 'platform', 'suspended in part or whole'),
  ].filter(Boolean);
  return html`<div class="note">
    <p>
      ${
        governance.operator === null
          ? html`<strong>The operator does not say who runs this registry.</strong>`
          : html`<strong><bdi>${governance.operator}</bdi> runs this registry.</strong>`
      }
      ${counted(members, 'platform', members === 1 ? 'takes' : 'take')} part.
      ${counted(governance.reviewers.length, 'reviewer', governance.reviewers.length === 1 ? 'decides' : 'decide')}
      appeals. Nobody decides about a platform that they belong to.
    </p>
    <p>${now.length === 0 ? 'Nothing is open now.' : `Open now: ${listed(now)}.`}</p>
  </div>`;
}

/** `2 platforms take`; nothing of none, which is said otherwise. */
const counted = (n: number, noun: string, rest: string): string =>
  n === 0 ? '' : `${n} ${noun}${n === 1 ? '' : 's'} ${rest}`;

type RoleRow = readonly [role: string, who: Markup | string, may: string, not: string];

/** Each role, who holds it, and what bounds it: `docs/governance.md` has the rest. */
function roleRows(
  governance: GovernanceDocument,
  platforms: readonly Platform[],
): readonly RoleRow[] {
  const { parties, threshold } = governance.witnesses;
  const witnesses = parties.map((id) => nameOf(governance, id));
  return [
    [
      'Operator',
      html`<bdi>${governance.operator ?? 'not stated'}</bdi>`,
      'Registers, suspends and restores platforms, seats reviewers and executes orders. Each takes two of its people.',
      'Never makes or changes a record, decides an appeal, or opens evidence.',
    ],
    [
      'Panel',
      html`${governance.reviewers.length} reviewers, paid by
        <bdi>${governance.panelPaidBy ?? 'nobody that is stated'}</bdi>`,
      'Decides appeals and inspections, and votes about platforms.',
      'Never picks its cases, makes a record, or seats a member alone.',
    ],
    [
      'Platforms',
      html`<bdi
        >${listed(inState(platforms, 'member', 'probation').map(({ name }) => name)) || 'none'}</bdi
      >`,
      'Record their own sanctions, and check people who show them an identifier.',
      'Never change a record, end another platform’s, or search by name.',
    ],
    [
      'Witnesses',
      witnesses.length === 0
        ? 'none yet'
        : html`<bdi>${listed(witnesses)}</bdi>; ${threshold} of ${witnesses.length} have to cosign`,
      'Cosign the ledger, so that nobody is shown another one.',
      'Never learn what an entry is about.',
    ],
    [
      'Creators',
      'whoever a record is about',
      'Read their case, appeal, answer and have it erased, without an account.',
      'Never see the case of anybody else.',
    ],
  ];
}

function roles(governance: GovernanceDocument, platforms: readonly Platform[]): Markup {
  return html`<h2 id="roles">Who holds which role</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">Role</th>
          <th scope="col">What it may do</th>
        </tr>
      </thead>
      <tbody>
        ${roleRows(governance, platforms).map(
          ([role, who, may, not]) =>
            html`<tr>
              <th scope="row"><strong>${role}</strong><br /><span class="soft">${who}</span></th>
              <td>${may}<br /><span class="soft">${not}</span></td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

function reviewers(governance: GovernanceDocument): Markup {
  return html`<h3>What each reviewer decides nothing of</h3>
    <p>
      By the ids that decisions carry. No name stands beside them. All of it is part of a reviewer's
      invitation: no call changes it.
    </p>
    ${
      governance.reviewers.length === 0
        ? html`<p>Nobody sits on it.</p>`
        : html`<table>
            <thead>
              <tr>
                <th scope="col">Reviewer</th>
                <th scope="col">Takes no case of</th>
              </tr>
            </thead>
            <tbody>
              ${governance.reviewers.map(
                ({ holder, affiliations, languages, optOut }) =>
                  html`<tr>
                    <th scope="row"><code>${holder}</code></th>
                    <td>
                      <bdi
                        >${listed([...affiliations.map(({ party }) => nameOf(governance, party)), ...optOut]) || 'no affiliation'}</bdi
                      ><br /><span class="soft"
                        >reads
                        ${listed(languages.map(languageName)) || 'no language that is stated'}</span
                      >
                    </td>
                  </tr>`,
              )}
            </tbody>
          </table>`
    }`;
}

const english = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' });
const languageName = (code: string): string => english.of(code) ?? code;

const notices = ({ noticeProcessors }: GovernanceDocument): Markup =>
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

const complaints = (to: Linking['to']): Markup =>
  html`<h2 id="complaints">To object or complain</h2>
    <ul>
      <li>
        <strong>About a record of yours:</strong> <a href="${to('/case')}">open your case</a>. An
        appeal costs nothing.
      </li>
      <li>
        <strong>About a platform:</strong> write to its contact for complaints, under
        <a href="#platforms">Platforms</a>.
      </li>
      <li>
        <strong>About your data:</strong> write to the data protection contact of the platform, or
        to the data protection authority of your country.
      </li>
      <li>
        <strong>About a newcomer:</strong> a member objects to a registration within its window, on
        a closed list of grounds. Anybody else can tell a member.
      </li>
    </ul>`;
