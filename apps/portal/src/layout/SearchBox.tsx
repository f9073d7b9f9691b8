import type { FormEvent } from 'react';
import { pathOf } from '../navigation/route.ts';
import { navigate } from '../navigation/usePlace.ts';

/** Goes to the deal, task or account that is typed or pasted in. */
export function SearchBox() {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const text = String(new FormData(form).get('q'));
    navigate(pathOf(text) ?? `/find?q=${encodeURIComponent(text)}`);
    form.reset();
  };
  return (
    <search>
      <form action="/find" onSubmit={submit}>
        <input
          type="search"
          name="q"
          required
          placeholder="Deal, task or address"
          aria-label="Find a deal, task or address"
          spellCheck={false}
          autoComplete="off"
        />
        <button type="submit">Find</button>
      </form>
    </search>
  );
}
