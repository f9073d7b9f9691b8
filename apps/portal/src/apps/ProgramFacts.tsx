import type { ProgramManifest } from '@gleaner/protocol';
import { Facts } from '../layout/Facts.tsx';

/** What a program says of itself. */
export function ProgramFacts({ manifest }: { readonly manifest: ProgramManifest }) {
  const { title, description, outputs, exitCodes, suggested, bag, build } = manifest;
  return (
    <>
      <p>
        <strong>{title}.</strong> {description}
      </p>
      <Facts
        entries={[
          ['Outputs', outputs.length > 0 && <List key="outputs" entries={outputs.map(({ path, description: what }) => [path, what])} />],
          ['Exit codes', Object.keys(exitCodes).length > 0 && <List key="codes" entries={Object.entries(exitCodes)} />],
          ['Fuel', `up to ${suggested.fuel.toLocaleString('en')}`],
          ['Memory', `up to ${Math.ceil(suggested.memoryBytes / 2 ** 20)} MiB`],
          ['As a bag', bag?.description],
          ['Joined', bag?.join && `${bag.join.part} of each task becomes ${bag.join.output}`],
          ['Part alone', bag?.select && <code key="select">{bag.select}</code>],
          ['Written in', build.compiler === '' ? build.language : `${build.language}, built with ${build.compiler}`],
        ]}
      />
    </>
  );
}

function List({ entries }: { readonly entries: readonly (readonly [name: string, what: string])[] }) {
  return (
    <ul className="plain">
      {entries.map(([name, what]) => (
        <li key={name}>
          <code>{name}</code> {what}
        </li>
      ))}
    </ul>
  );
}
