import { useEffect, type ReactNode } from 'react';
import { titlePage } from './window-title.ts';

interface PageProps {
  readonly title: string;
  /** One sentence on what this page is for */
  readonly about?: ReactNode;
  /** Buttons beside the title */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A screen, whose title is that of the window. */
export function Page({ title, about, actions, children }: PageProps): ReactNode {
  useEffect(() => {
    titlePage(title);
  }, [title]);
  return (
    <>
      <div className="row spread">
        <h1>{title}</h1>
        {actions === undefined ? null : <div className="row">{actions}</div>}
      </div>
      {about === undefined ? null : <p className="soft">{about}</p>}
      {children}
    </>
  );
}
