// The window has one title; this module alone writes it.
let page: string | undefined;
let count = 0;

/** Names the screen that is shown. */
export function titlePage(title: string): void {
  page = title;
  write();
}

/** Puts before the title how much waits; 0 takes the number away. */
export function titleCount(waiting: number): void {
  count = waiting;
  write();
}

function write(): void {
  document.title = titleOf(page, count);
}

export function titleOf(screen: string | undefined, waiting: number): string {
  const name = screen === undefined ? 'Recourse desk' : `${screen} – Recourse desk`;
  return waiting === 0 ? name : `(${waiting}) ${name}`;
}
