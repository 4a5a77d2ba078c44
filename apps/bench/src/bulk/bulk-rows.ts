/** Identifiers of one record. */
export const tokensOfRecord = 4;

/** One in so many records was matched once, and the outcome of that was reported. */
const recordsToMatch = 4;

/** Ids in the order of their numbers, as those of real records are in the order of time. */
const id = (prefix: string): string => `'${prefix}_01k' || lpad(to_hex(n), 23, '0')`;
const hash = (label: string): string => `sha256(convert_to('${label} ' || n, 'UTF8'))`;
const base64url = (bytes: string): string =>
  `rtrim(translate(encode(${bytes}, 'base64'), '+/', '-_'), '=')`;
/** So many bytes in hex, 16 each: of the size of what is real, as no row here is long enough to be compressed. */
const hex = (sixteens: number, label: string): string =>
  `repeat(md5('${label} ' || n), ${sixteens})`;

/**
 * Records as a submission and its notice leave them, visible for a month: the sizes of rows are those of real ones, what is
 * sealed in them is noise. $1 and $2 first and last number, $3 platforms, $4 a key of each, $5 now.
 */
export const insertRecords = `
insert into sanctions (id, party, kid, holder, statement, reason, age, decided_at, incident_from, incident_to,
  expires_at, submitted_at, notice_due_at, notified_at, others_from, visible_from, visible_recorded, next_at, prior_match,
  commitments, account)
select ${id('snc')}, ($3::text[])[place], ($4::text[])[place], 'hld_bulk', ${hex(28, 'statement')}, 'fraud.phishing', 'unknown',
  at - interval '35 days', at - interval '47 days', at - interval '43 days', at + interval '270 days',
  at - interval '33 days', at - interval '26 days', at - interval '33 days', at - interval '19 days', at - interval '30 days', true,
  at + interval '270 days', false,
  array_fill(${base64url(hash('leaf'))}, array[8]),
  decode(${hex(10, 'account')}, 'hex')
from generate_series($1::bigint, $2::bigint) n
cross join lateral (select 1 + n % cardinality($3::text[]) as place, $5::timestamptz as at) as of_n`;

/** The wrapped key of each record. $1 and $2 as above. */
export const insertCaseKeys = `
insert into case_keys (sanction, wrapped)
select ${id('snc')}, substring(${hash('key')} || ${hash('more of the key')} from 1 for 60)
from generate_series($1::bigint, $2::bigint) n`;

/** The identifiers of each record, $3 now. */
export const insertSubjects = `
insert into subjects (lookup, epoch, sanction, position, kind, control, proven_at, matches_until, sealed)
select sha256(convert_to('lookup ' || n || ' ' || position, 'UTF8')), 1, ${id('snc')}, position,
  (array['email', 'phone', 'domain', 'account'])[position + 1],
  (array['otp', 'otp', 'dns', 'kyc'])[position + 1],
  $3::timestamptz - interval '48 days', $3::timestamptz + interval '270 days',
  decode(${hex(8, 'sealed')}, 'hex')
from generate_series($1::bigint, $2::bigint) n cross join generate_series(0, ${tokensOfRecord - 1}) position`;

const matched = `from generate_series($1::bigint, $2::bigint) n where n % ${recordsToMatch} = 0`;

/** $3 the platform that was told, $4 now. */
export const insertMatches = [
  `insert into checks (id, party, purpose, elements, proven_at, at)
  select ${id('chk')}, $3::text, 'monetisation', 3, null, $4::timestamptz - interval '9 days' ${matched}`,
  `insert into disclosures (sanction, version, party, at)
  select ${id('snc')}, 1, $3::text, $4::timestamptz - interval '9 days' ${matched}`,
  `insert into matches (id, check_id, party, sanction, version, purpose, told_at, due_at, outcome, outcome_at)
  select ${id('mat')}, ${id('chk')}, $3::text, ${id('snc')}, 1, 'monetisation', $4::timestamptz - interval '9 days',
    $4::timestamptz + interval '21 days', 'admitted', $4::timestamptz - interval '8 days' ${matched}`,
];

/** Numbers back to ids, as the statements above make them. */
export const recordId = (n: number): string => `snc_01k${n.toString(16).padStart(23, '0')}`;
