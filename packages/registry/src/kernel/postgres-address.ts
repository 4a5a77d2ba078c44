/**
 * What postgres.js takes for a connection URL. It reads no Unix socket from one: `?host=/folder`, as libpq has it, becomes
 * the path of the socket in that folder.
 */
export function postgresAddress(url: string): {
  readonly url: string;
  readonly options: { readonly path?: string };
} {
  const parsed = new URL(url);
  const folder = parsed.searchParams.get('host');
  if (!folder?.startsWith('/')) return { url, options: {} };
  parsed.searchParams.delete('host');
  return {
    url: parsed.href,
    options: { path: `${folder}/.s.PGSQL.${parsed.port || '5432'}` },
  };
}
