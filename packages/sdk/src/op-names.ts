import type { OpName } from '@recourse/protocol';

/** `sanctions` of `sanctions.submit`. */
export type GroupName = OpName extends infer N
  ? N extends `${infer G}.${string}`
    ? G
    : never
  : never;

/** Names of one group's operations, without the group. */
export type MethodOf<G extends string, N> = N extends `${G}.${infer M}` ? M : never;
