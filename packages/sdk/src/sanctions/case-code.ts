/** The link to a case. The code is in the fragment, which browsers send to no server, so no log has it. */
export const caseLink = (origin: string, code: string): string => `${origin}/case#${code}`;
