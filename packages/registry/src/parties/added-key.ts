import type { Json, Role } from '@recourse/protocol';

/** The public detail of `key-added`: everything that verifies the key back to its party's enrolment key. */
export const keyAddedDetail = (key: {
  party: string;
  kid: string;
  holder: string;
  role: Role;
  admin: boolean;
  position: number;
  statement: string;
}): Record<string, Json> => ({
  party: key.party,
  kid: key.kid,
  holder: key.holder,
  role: key.role,
  admin: key.admin,
  position: key.position,
  statement: key.statement,
});
