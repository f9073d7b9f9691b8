import { type FormEvent, useId, useState } from 'react';
import { accountPath } from '../navigation/route.ts';
import { navigate } from '../navigation/usePlace.ts';

/** Asks for an address. What is not one is said at the field. */
export function AccountForm() {
  const id = useId();
  const [isWrong, setWrong] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('address')).trim();
    const isAddress = /^0x[0-9a-fA-F]{40}$/.test(text);
    setWrong(!isAddress);
    if (isAddress) navigate(accountPath(text as `0x${string}`));
  };
  return (
    <form className="ask" onSubmit={submit} noValidate>
      <label htmlFor={id}>Address of an account</label>
      <div className="line">
        <input
          id={id}
          name="address"
          className="mono"
          placeholder="0x…"
          spellCheck={false}
          autoComplete="off"
          aria-invalid={isWrong}
          aria-describedby={`${id}-error`}
        />
        <button type="submit">Look up</button>
      </div>
      <p id={`${id}-error`} className="error" role="alert">
        {isWrong && 'An address is 0x and 40 hexadecimal digits.'}
      </p>
    </form>
  );
}
