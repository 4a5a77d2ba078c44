import { z } from 'zod';
import type { Reader, Source } from './source.ts';

const verified = z.object({ status: z.string() }).nullish();
const clerkUser = z.object({
  type: z.string(),
  data: z.object({
    id: z.string(),
    created_at: z.number(),
    primary_email_address_id: z.string().nullish(),
    email_addresses: z
      .array(z.object({ id: z.string(), email_address: z.string(), verification: verified }))
      .default([]),
    phone_numbers: z
      .array(z.object({ id: z.string(), phone_number: z.string(), verification: verified }))
      .default([]),
  }),
});

const isVerified = ({ verification }: { verification?: z.infer<typeof verified> }): boolean =>
  verification?.status === 'verified';

/** Clerk verifies before it creates a user, and says so of each address. */
const readClerk: Reader = (body) => {
  if (z.object({ type: z.string() }).safeParse(body).data?.type !== 'user.created')
    return 'other-event';
  const { data } = clerkUser.parse(body);
  const emails = data.email_addresses.filter(isVerified);
  const email = emails.find(({ id }) => id === data.primary_email_address_id) ?? emails[0];
  const phone = data.phone_numbers.find(isVerified);
  if (!email && !phone) return 'not-proven';
  return {
    ref: data.id,
    email: email?.email_address,
    phone: phone?.phone_number,
    provenAt: data.created_at,
  };
};

/** Sources whose form is known. Each may change its own: then `verify` and `map` of the file say the new one. */
export const presets = {
  clerk: { verify: { by: 'svix' }, map: readClerk },
  /** A database webhook of `auth.users`, for inserts and updates */
  supabase: {
    verify: { by: 'header', header: 'x-recourse-secret' },
    map: {
      ref: '/record/id',
      email: '/record/email',
      provenAt: '/record/email_confirmed_at',
      changed: ['/old_record/email_confirmed_at', '/record/email_confirmed_at'],
    },
  },
  /** `member.added`: a member of Ghost came by a link in a mail */
  ghost: {
    verify: { by: 'ghost' },
    map: {
      ref: '/member/current/id',
      email: '/member/current/email',
      provenAt: '/member/current/created_at',
    },
  },
} as const satisfies Record<string, Pick<Source, 'verify' | 'map'>>;

export type PresetName = keyof typeof presets;
