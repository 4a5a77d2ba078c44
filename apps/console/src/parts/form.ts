import type { FormEvent } from 'react';

/** The texts of a form by the names of its fields, when it is sent. Nothing leaves the page. */
export function textsOf(event: FormEvent<HTMLFormElement>): (name: string) => string {
  event.preventDefault();
  const form = new FormData(event.currentTarget);
  return (name) => {
    const value = form.get(name);
    return typeof value === 'string' ? value : '';
  };
}
