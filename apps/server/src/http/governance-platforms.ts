import type { DirectoryEntry } from '@recourse/registry';
import { html } from 'hono/html';
import { listed } from '../texts-in.ts';
import { day, type Markup } from './markup.ts';

export type Platform = DirectoryEntry &
  Required<Pick<DirectoryEntry, 'membership' | 'registration'>>;

/**
 * Shows the platforms that take part, wait, or left. What platforms state is attacker-controlled text, and is escaped.
 */
export function platformsPart(
  platforms: readonly Platform[],
  parties: readonly DirectoryEntry[],
): Markup {
  const named = (id: string): string => parties.find(({ party }) => party === id)?.name ?? id;
  const members = platforms.filter(({ membership: { state } }) => taking.has(state));
  return html`<h2 id="platforms">Platforms</h2>
    ${members.length === 0 ? html`<p>None takes part yet.</p>` : members.map(member)}
    <h3>What members can do that nobody sees</h3>
    ${lookingUp}
    <p>
      Platforms of one group count as one. A match says how many other groups recorded the same
      person. It does not say that they found out independently: a platform that was given evidence
      of another, and commits to it anew, looks as if it did.
    </p>
    ${newcomers(platforms, named)} ${leavers(platforms)}`;
}

const taking = new Set<string>(['member', 'probation']);

/** Says what the alarms of checks cannot see, where anybody reads who the members are. */
const lookingUp = html`<p>
  A member that invents tokens behind published prefixes can learn which identifiers may have a
  record, one in a hundred false, within its daily bounds and without an alarm. Nobody is told then,
  and the registry cannot stop it.
</p>`;

function member(platform: Platform): Markup {
  const { name, registration, party } = platform;
  const { domain, jurisdiction, group, contacts, owners, policies } = registration;
  const { complaints, dataProtection } = contacts;
  return html`<h3><bdi>${name}</bdi></h3>
    <p>${standing(platform)}</p>
    <dl class="facts">
      <dt>Domain</dt>
      <dd><bdi>${domain}</bdi>, ${countryName(jurisdiction)}</dd>
      <dt>Group</dt>
      <dd>${group}</dd>
      <dt>Owners above 10 %</dt>
      <dd><bdi>${listed(owners.map(ownerText)) || 'none'}</bdi></dd>
      <dt>Rules</dt>
      <dd>
        ${policies.map((url) => html`<a href="${url}" rel="noreferrer nofollow">${url}</a><br />`)}
      </dd>
      <dt>Complaints</dt>
      <dd><bdi>${complaints}</bdi></dd>
      <dt>Data protection</dt>
      <dd><bdi>${dataProtection}</bdi></dd>
      ${limitsOf(platform.limits).map(
        (text) =>
          html`<dt>Set by the operator</dt>
            <dd>${text}</dd>`,
      )}
      <dt>Id</dt>
      <dd><code>${party}</code>, <a href="/parties/${party}/keys">its keys</a></dd>
    </dl>`;
}

function standing({ membership, checksStopped, submissionsSuspended }: Platform): Markup {
  const { state, probationUntil, checkOnly } = membership;
  const stopped = [
    submissionsSuspended ? 'records nothing' : '',
    checksStopped ? 'checks nobody' : '',
  ].filter(Boolean);
  if (stopped.length > 0) {
    return html`<span class="status paused">Suspended: ${listed(stopped)}</span>`;
  }
  const only = checkOnly ? ', checks only' : '';
  return state === 'probation' && probationUntil !== undefined
    ? html`<span class="status open">In probation until ${day(probationUntil)}${only}</span>`
    : html`<span class="soft">Member${only}</span>`;
}

/** Only what the operator set differs from the rule. */
const limitsOf = ({ submissionsPerDay, elementsPerDay }: DirectoryEntry['limits']): string[] => [
  ...(submissionsPerDay === undefined ? [] : [`${submissionsPerDay} records a day`]),
  ...(elementsPerDay === undefined ? [] : [`${elementsPerDay} identifiers a day`]),
];

const ownerText = ({ name, percent }: { name: string; percent: number }): string =>
  `${name} (${percent} %)`;

const english = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });
const countryName = (code: string): string => english.of(code) ?? code;

function newcomers(platforms: readonly Platform[], named: (id: string) => string): Markup {
  const waiting = platforms.filter(({ membership: { state } }) => Object.hasOwn(states, state));
  return html`<h3>Registrations and objections</h3>
    ${waiting.length === 0 ? html`<p>None waits.</p>` : ''}
    ${waiting.map(
      ({ name, membership: { state, objectionsUntil, objections } }) =>
        html`<p>
          <strong><bdi>${name}</bdi></strong
          >:
          ${states[state] ?? state}${
            objectionsUntil === undefined
              ? ''
              : html`, open to objection until ${day(objectionsUntil)}`
          }.
          ${objections.map(
            ({ by, ground }) =>
              html`<br /><span class="soft"
                  ><bdi>${named(by)}</bdi> objects: ${ground.replaceAll('-', ' ')}</span
                >`,
          )}
        </p>`,
    )}`;
}

const states: Readonly<Record<string, string>> = {
  pending: 'neither checks nor submits before its window is over',
  objected: 'pending until the panel decides',
  refused: 'refused by the panel',
};

function leavers(platforms: readonly Platform[]): Markup {
  const left = platforms.filter(({ membership: { state } }) => state === 'left');
  return html`<h3>Who left</h3>
    ${left.length === 0 ? html`<p>Nobody.</p>` : ''}
    ${left.map(
      ({ name, membership: { leftAt } }) =>
        html`<p><bdi>${name}</bdi>${leftAt === undefined ? '' : html`, ${day(leftAt)}`}</p>`,
    )}`;
}
