import type { AuthConfig } from '@auth/core';

const agent = process.env['RECOURSE_AGENT'] ?? 'http://127.0.0.1:4810';
const token = process.env['RECOURSE_TOKEN'] ?? '';

/**
 * Events of Auth.js in which an address was just proven: spread them into `events` of your configuration. They deny
 * nobody, and no sign-in waits for them.
 */
export const signupEvents: NonNullable<AuthConfig['events']> = {
  // A magic link makes a user whose address came proven. `updateUser` comes at each later link, and is no new proof.
  createUser: ({ user }) => {
    if ('emailVerified' in user && user.emailVerified instanceof Date)
      void ask(user, user.emailVerified);
  },
  // OAuth makes users with `emailVerified: null`: what the provider says stands in its profile.
  signIn: ({ user, profile, isNewUser }) => {
    if (isNewUser && profile?.email_verified === true) void ask(user, new Date());
  },
};

interface Person {
  readonly id?: string | undefined;
  readonly email?: string | null | undefined;
}

/** Hands the question to the agent, which keeps it. An agent that is away is asked again for a quarter of an hour. */
async function ask({ id, email }: Person, provenAt: Date): Promise<void> {
  for (let pause = 1_000; pause < 512_000; pause *= 2) {
    const status = await fetch(new URL('/checks', agent), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        purpose: 'signup',
        ref: id,
        identifiers: { email },
        provenAt: provenAt.toISOString(),
      }),
    }).then(
      (response) => response.status,
      () => 0,
    );
    // 422: it will never be taken, and the agent says why.
    if (status === 202 || status === 422) return;
    await new Promise((resolve) => setTimeout(resolve, pause).unref());
  }
  console.error('The agent of Recourse did not take a question for a quarter of an hour.');
}
