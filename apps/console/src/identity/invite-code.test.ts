import { expect, test } from 'vitest';
import { inviteIn } from './invite-code.ts';

const invite = 'recourse-invite-1.eyJhIjoxfQ-_';

test.each([
  invite,
  `https://registry.example/desk/#/enrol?invite=${invite}`,
  `https://registry.example/desk/#/enrol?invite=${invite}&name=Ben`,
  `Here it is: https://registry.example/desk/#/enrol?invite=${invite}\nAmina`,
])('an invite is found in what somebody pastes: %s', (text) => {
  expect(inviteIn(text)).toBe(invite);
});
