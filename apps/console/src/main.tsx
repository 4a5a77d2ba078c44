import '@recourse/design/tokens.css';
import '@recourse/design/desk.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { isSandbox } from './identity/mode.ts';
import { router } from './app/routes.tsx';
import { useLockTimer } from './identity/lock-timer.ts';
import { startSession } from './identity/session.ts';
import { readSandboxClock } from './identity/clock.ts';
import { queries } from './registry/calls.ts';

function Desk(): ReactNode {
  useLockTimer();
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}

const place = document.getElementById('desk');
if (!place) throw new Error('no place for the desk');
createRoot(place).render(
  <StrictMode>
    <Desk />
  </StrictMode>,
);
async function start(): Promise<void> {
  if (isSandbox) await readSandboxClock().catch(() => undefined);
  await startSession();
}
void start();
