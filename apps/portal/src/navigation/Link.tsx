import type { ComponentProps, MouseEvent } from 'react';
import { navigate } from './usePlace.ts';

type LinkProps = Omit<ComponentProps<'a'>, 'href'> & { readonly to: string };

/** A link inside the portal; keys and other mouse buttons do what they do with every link. */
export function Link({ to, children, ...rest }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a {...rest} href={to} onClick={follow}>
      {children}
    </a>
  );
}
