/** Why a creator wants what is kept of them erased: they object to it (GDPR, Art. 21), or it is no longer needed (Art. 17). */
export const erasureGrounds = ['objection', 'erasure'] as const;
export type ErasureGround = (typeof erasureGrounds)[number];
