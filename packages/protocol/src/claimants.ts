/**
 * How a claimant came to a case:
 * - `handed`: by a code that the platform handed out;
 * - `delivered`: by a code that the registry delivered to one of the identifiers;
 * - `proof`: by proving control of one to the registry;
 * - `ticket`: by the word of a platform about one.
 *
 * A proof, and the first use of a delivered code, prove the identifier. Every other way is shared: the accuser or a friend
 * may hold it.
 */
export const claimantWays = ['handed', 'delivered', 'proof', 'ticket'] as const;
export type ClaimantWay = (typeof claimantWays)[number];

/**
 * Why a case keeps reason, account and evidence from whoever came by a code that was sent to a phone alone:
 * - `until-said`: they have not said since when the number is theirs;
 * - `recycled`: it is theirs since the incident ended.
 */
export const hiddenWhile = ['until-said', 'recycled'] as const;
export type HiddenWhile = (typeof hiddenWhile)[number];

/** Acts that give something up. Each binds only the claimant who signs it. */
export const claimantActs = ['withdraw-appeal', 'request-erasure'] as const;
export type ClaimantAct = (typeof claimantActs)[number];

/** How long an act waits that nobody signed, so that everybody on the case hears of it. */
export const unsignedActDays = 14;

/** How long a request of erasure waits, signed or not, so that everybody on the case reads of it. */
export const erasureRequestDays = 30;

/** How many texts a claimant adds to one appeal, beside answers. */
export const mostInformation = 8;
/** How many files: by a proven way unasked, and as many more for each question put to them. */
export const filesEachTime = 2;
/** Of all who came by one shared way, a reviewer reads so many, drawn for one appeal. */
export const mostDrawn = 10;
/** Of all who proved one identifier, a reviewer reads so many, the first ones. */
export const mostProven = 40;

/** How many platforms were told, as far as nobody can watch one: renewed on Mondays, 0:00 UTC. */
export const toldNumbers = ['none', 'under-five', 'five-or-more'] as const;
export type ToldNumber = (typeof toldNumbers)[number];
