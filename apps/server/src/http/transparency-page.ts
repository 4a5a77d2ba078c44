import { reasons, type PlatformReport, type TransparencyReport } from '@recourse/protocol';
import { html } from 'hono/html';
import { listed } from '../texts-in.ts';
import { bars } from './bars.ts';
import type { Linking } from './choose-language.ts';
import { time, type Markup } from './markup.ts';
import { page } from './page.ts';

type Figures = PlatformReport['totals'];

/** `/transparency` as a plain page. Names that parties state are attacker-controlled text, and are escaped. */
export const transparencyPage = (report: TransparencyReport, { to }: Linking): Markup =>
  page(
    'Transparency – Recourse',
    html`<h1>Transparency</h1>
      <p>
        What this registry did, in figures, as of ${time(report.asOf)}. The same
        <a href="/transparency/report.json">as JSON</a>, with its
        <a href="/transparency/report.schema.json">schema</a>. Who takes part is at
        <a href="${to('/governance')}">Governance</a>.
      </p>
      ${overview(report)} ${reversals(report)} ${comparison(report)} ${panel(report)}
      ${report.platforms.map(platform)} ${alarms(report)} ${limits(report)}`,
    { to },
  );

/** Totals are always told, so they are what is compared. */
const overview = ({ platforms }: TransparencyReport): Markup =>
  bars({
    title: 'Records of each platform',
    columns: ['recorded', 'appealed', 'reversed'],
    rows: platforms.map(({ name, totals }) => ({
      name,
      values: [sum(totals, 'submitted'), sum(totals, 'appealed'), sum(totals, 'outcome.reversed')],
    })),
  });

/** Why records were reversed, over all platforms. */
function reversals({ platforms }: TransparencyReport): Markup {
  const causes = new Map<string, number>();
  for (const { totals } of platforms) {
    for (const [figure, n] of Object.entries(totals)) {
      const [group, outcome, cause] = figure.split('.');
      if (group !== 'outcome' || outcome !== 'reversed' || cause === undefined) continue;
      causes.set(cause, (causes.get(cause) ?? 0) + n);
    }
  }
  return bars({
    title: 'Why records were reversed',
    columns: ['records'],
    rows: [...causes]
      .toSorted(([, a], [, b]) => b - a)
      .map(([cause, n]) => ({ name: named(cause), values: [n] })),
  });
}

/** A figure with all of its details. */
const sum = (figures: Figures, figure: string): number =>
  Object.entries(figures).reduce(
    (total, [name, n]) => (name === figure || name.startsWith(`${figure}.`) ? total + n : total),
    0,
  );

const comparison = ({ agrees, comparison: of, fromTablesOnly }: TransparencyReport): Markup =>
  html`<h2>Where the figures come from</h2>
    <p>
      Each figure is derived twice, by separate code: from the tables of the registry, and from
      ${of.entries} entries of its public ledger.
    </p>
    ${
      agrees
        ? html`<p class="note">Both say the same.</p>`
        : html`<p class="bad">
              <strong>They differ.</strong> ${of.unopened} entries cannot be opened, and these
              figures are not the same:
            </p>
            <ul>
              ${of.differences.map(
                ({ about, figure, tables, ledger, cells }) =>
                  html`<li>
                    ${named(figure)} of <code>${about}</code>: ${tables} in the tables, ${ledger} in
                    the ledger, in ${cells} places
                  </li>`,
              )}
            </ul>`
    }
    <p class="soft">
      Left out of the comparison: ${of.erasedRecords} records that were erased, as the ledger says,
      and what has no entry of its own (${listed(fromTablesOnly)}).
    </p>`;

const panel = ({ panel: of }: TransparencyReport): Markup =>
  html`<h2>The panel</h2>
    <dl>
      <dt>Reviewers</dt>
      <dd>
        ${of.reviewers}. They judge no record of a platform that they are affiliated with; such
        affiliations: ${of.affiliations}
      </dd>
      <dt>Open appeals</dt>
      <dd>${of.openAppeals}, of ${of.capacity} that they may have open together</dd>
      <dt>Decisions made again, of one in twenty that the ledger draws</dt>
      <dd>${again(of.decidedAgain)}</dd>
      <dt>Appeals that ended undecided, by the reviewers who had them</dt>
      <dd>${listed(of.undecided.map(({ reviewer, n }) => `${reviewer}: ${n}`)) || 'none'}</dd>
      <dt>Paid by</dt>
      <dd><bdi>${of.paidBy ?? 'not stated'}</bdi></dd>
    </dl>`;

const again = (decisions: TransparencyReport['panel']['decidedAgain']): string =>
  `${decisions.drawn} drawn: ${decisions.agreed} agreed, ${decisions.differed} differed, ${decisions.lapsed} lapsed, ${decisions.undelivered} without evidence, ${decisions.moot} moot`;

const platform = (report: PlatformReport): Markup =>
  html`<h2><bdi>${report.name}</bdi></h2>
    <p>
      Registered
      ${time(report.registeredAt)}${report.leftAt === undefined ? '' : html`; left ${time(report.leftAt)}`}.
      Owners above 10 %:
      <bdi
        >${listed(report.owners.map(({ name, percent }) => `${name} (${percent} %)`)) || 'none'}</bdi
      >.<br /><code class="soft">${report.platform}</code>
    </p>
    ${figures(report.totals)} ${days(report.days)}
    <h3>Reasons nearest to speech</h3>
    ${figures(report.speech.totals)} ${days(report.speech.days)}
    ${
      report.years.length === 0
        ? ''
        : html`<details>
            <summary>By reason and year</summary>
            ${report.years.map(
              ({ year, reason, ...cell }) =>
                html`<h4>${reasons[reason].texts.en.title}, ${year}</h4>
                  ${figures(cell.figures)} ${days(cell.days)}`,
            )}
          </details>`
    }
    ${
      report.months.length + report.periods.length === 0
        ? ''
        : html`<details>
            <summary>By month</summary>
            ${report.months.map(
              (cell) =>
                html`<h4>${reasons[cell.reason].texts.en.title}, ${cell.month}</h4>
                  ${figures(cell.figures)}`,
            )}
            ${report.periods.map(
              (cell) =>
                html`<h4>${cell.period}</h4>
                  ${figures(cell.figures)}`,
            )}
          </details>`
    }`;

const figures = (counts: Figures): Markup =>
  Object.keys(counts).length === 0
    ? html`<p>Nothing.</p>`
    : html`<ul>
        ${Object.entries(counts).map(([figure, n]) => html`<li>${named(figure)}: ${n}</li>`)}
      </ul>`;

const days = ({ decision, listed: shown }: PlatformReport['days']): Markup =>
  html`${
    decision === undefined
      ? ''
      : html`<p>
          Appeals were decided in ${decision.median} days in the middle, nine of ten in
          ${decision.p90}.
        </p>`
  }${
    shown === undefined
      ? ''
      : html`<p>
          Records that were reversed had been visible for ${shown.median} days in the middle, nine
          of ten for no more than ${shown.p90}.
        </p>`
  }`;

/** `outcome.reversed.lapsed` as "outcome: reversed, lapsed" */
function named(figure: string): string {
  const [group = '', ...details] = figure.replaceAll('-', ' ').split('.');
  return details.length === 0 ? group : `${group}: ${details.join(', ')}`;
}

const alarms = ({ alarms: of }: TransparencyReport): Markup =>
  html`<h2>Of the registry as a whole</h2>
    ${of.length === 0 ? html`<p>No alarm, and nobody looked for a case without its code.</p>` : ''}
    <ul>
      ${of.map(({ month, kind, n }) => html`<li>${month}, ${named(kind)}: ${n}</li>`)}
    </ul>`;

const limits = ({ smallestCell, absent }: TransparencyReport): Markup =>
  html`<h2>What is not told</h2>
    <p>
      By reason, a month or year with fewer than ${smallestCell} is left out, and so is what it
      could be computed from. The totals of a platform are always told.
    </p>
    <p>Not in this report yet: ${listed(absent)}.</p>`;
