import { expect, test } from 'vitest';
import { postgresAddress } from './postgres-address.ts';

test('a folder in the URL is where the socket is, and everything else stays', () => {
  expect(
    postgresAddress('postgres://a:b@localhost/recourse?host=%2Fdata%2Fx&sslmode=disable'),
  ).toEqual({
    url: 'postgres://a:b@localhost/recourse?sslmode=disable',
    options: { path: '/data/x/.s.PGSQL.5432' },
  });
  expect(postgresAddress('postgres://a:b@localhost:6000/r?host=/data').options).toEqual({
    path: '/data/.s.PGSQL.6000',
  });
});

test.each(['postgres://a:b@127.0.0.1:20000/recourse', 'postgres://a:b@db.example/r?host=other'])(
  '%s is left as it is',
  (url) => {
    expect(postgresAddress(url)).toEqual({ url, options: {} });
  },
);
