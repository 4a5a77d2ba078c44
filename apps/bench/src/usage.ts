/** CPU that a process has used since it started, in microseconds. */
export interface Usage {
  readonly cpuMicroseconds: number;
}

/** The same, and what all of its PostgreSQL has used. */
export interface UsageWithDatabase extends Usage {
  readonly databaseMicroseconds: number;
}

export function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuMicroseconds: user + system };
}
