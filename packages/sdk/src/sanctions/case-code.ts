/** A fragment: browsers send it to no server, and it stands in no log. */
export const caseLink = (origin: string, code: string): string => `${origin}/case#${code}`;
