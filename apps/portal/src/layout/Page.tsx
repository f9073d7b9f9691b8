import { type ReactNode, useEffect, useRef } from 'react';

interface PageProps {
  readonly title: string;
  /** Behind the title, e.g. a state. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** Title of the first page: it was loaded, not moved to, so the focus stays where the browser put it. */
let isFirst = true;

/** A page under its title. Moving to it puts the focus on the title, so that screen readers read on from there. */
export function Page({ title, aside, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title === 'Overview' ? 'Gleaner' : `${title} · Gleaner`;
    if (!isFirst) heading.current?.focus();
    isFirst = false;
  }, [title]);
  return (
    <main className="page" id="main">
      <header className="title">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {aside}
      </header>
      {children}
    </main>
  );
}
