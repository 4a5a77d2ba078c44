import { useParams } from '@tanstack/react-router';

/** The `$id` of the address: attacker-controlled, and judged by the registry. */
export function useRouteId(): string {
  const params: { readonly id?: string } = useParams({ strict: false });
  return params.id ?? '';
}
