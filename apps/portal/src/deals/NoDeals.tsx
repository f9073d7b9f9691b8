/** What to do when nothing was dealt yet. */
export function NoDeals() {
  return (
    <div className="empty">
      <p>No deal was made on this network yet. Run something:</p>
      <pre>npx gleaner run programs/go-move/go-move.wasm -- --size 9</pre>
    </div>
  );
}
