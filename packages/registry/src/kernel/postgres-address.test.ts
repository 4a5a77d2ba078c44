import { expect, test } from 'vitest';
import { postgresAddress, postgresAddresses } from './postgres-address.ts';

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

test('several hosts are places to write in, in their order', () => {
  expect(postgresAddresses('postgresql://a:b%2C@one:1,two,[::1]:3/r?sslmode=require')).toEqual({
    places: ['one:1', 'two', '[::1]:3'].map((host) => ({
      url: `postgresql://a:b%2C@${host}/r?sslmode=require`,
      options: {},
    })),
    mustWrite: true,
    isPooled: false,
  });
});

test('a certificate is compared with the address where the URL has no name', () => {
  const { places } = postgresAddresses('postgres://a@10.0.0.1,[::1],one/r?sslmode=verify-full');
  expect(places.map(({ options }) => options)).toEqual([
    { ssl: { host: '10.0.0.1' } },
    { ssl: { host: '::1' } },
    {},
  ]);
});

test('what is for us is not sent to PostgreSQL', () => {
  const url = 'postgres://a@b/r?target_session_attrs=primary&pgbouncer=true';
  expect(postgresAddresses(url)).toEqual({
    places: [{ url: 'postgres://a@b/r', options: {} }],
    mustWrite: true,
    isPooled: true,
  });
  expect(postgresAddresses('postgres://a,b/r?target_session_attrs=any').mustWrite).toBe(false);
});

test.each([
  'mysql://a/r',
  'postgres://a:b:c,d/r',
  'postgres://a:99999/r',
  'postgres://a,b/r?target_session_attrs=standby',
])('%s is refused', (url) => {
  expect(() => postgresAddresses(url)).toThrow(TypeError);
});
