/**
 * Milliseconds that the registry is ahead of this device: only of a sandbox, whose clock people move. Elsewhere the SDK
 * corrects a device's clock by what the registry says. One value a thread; the worker is told of it.
 */
let offsetMs = 0;

export const clockOffset = (): number => offsetMs;

export function setClockOffset(milliseconds: number): void {
  offsetMs = milliseconds;
}

/** The time as the registry has it. */
export const now = (): Date => new Date(Date.now() + offsetMs);

/** Asks a sandbox how far its clock was moved. */
export async function readSandboxClock(): Promise<void> {
  const answer = await fetch('/sandbox/clock');
  const { offsetSeconds }: { offsetSeconds?: unknown } = await answer.json();
  if (typeof offsetSeconds === 'number') setClockOffset(offsetSeconds * 1000);
}
