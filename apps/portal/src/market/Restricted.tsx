/** Says that an offer is not for everybody. */
export function Restricted({ to }: { readonly to: readonly string[] }) {
  if (to.length === 0) return null;
  return (
    <span className="badge" title={to.join('\n')}>
      restricted
    </span>
  );
}
