/** The statement by which a trigger refuses a row. */
export const refuse = (why: string): string =>
  `raise exception '${why}' using errcode = 'check_violation';`;
