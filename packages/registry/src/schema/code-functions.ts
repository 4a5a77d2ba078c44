import { historyCauses, historyEvents, reasonCodes, reasons } from '@recourse/protocol';
import { quoted } from './quoted.ts';

const oneOf = (name: string, codes: readonly string[]): string =>
  `create function ${name}(code text) returns boolean language plpgsql immutable as $$
    begin return code in (${quoted(codes)}); end $$`;

const lives = Object.entries(
  Object.groupBy(reasonCodes, (code) => String(reasons[code].longestLifeMonths)),
);

/**
 * The lists that checks of hot tables compare with. PostgreSQL reads the text of a check anew in each statement that
 * writes a row, and a function once a connection.
 */
export const codeFunctions = [
  oneOf('is_reason', reasonCodes),
  oneOf('is_history_event', historyEvents),
  oneOf('is_history_cause', historyCauses),
  // None of the one reason whose records live as long as what they evade.
  `create function longest_life_months(code text) returns integer language plpgsql immutable as $$
    begin
      return case ${lives.map(([months, codes = []]) => `when code in (${quoted(codes)}) then ${months}`).join(' ')} end;
    end $$`,
];

/** Months are counted in UTC, whatever time zone a session has set. */
export const monthsAfterIncident = (months: number | string): string =>
  `(incident_to at time zone 'UTC' + make_interval(months => ${months})) at time zone 'UTC'`;
