import type { Address } from '@gleaner/primitives';
import type { ProgramManifest, ProgramParameter } from '@gleaner/protocol';
import { useId, useState } from 'react';
import { CopyButton } from '../values/CopyButton.tsx';
import { type FormValues, runCommand } from './runCommand.ts';

const MAX_TASKS = 10_000;

/** A form made of a manifest: it builds the command that runs the app. Signing is the command line's business; this page asks for no key. */
export function RunForm({ app, manifest }: { readonly app: Address; readonly manifest: ProgramManifest }) {
  const [values, setValues] = useState<FormValues>({});
  const [tasks, setTasks] = useState(1);
  const tasksId = useId();
  const { command, problems } = runCommand(app, manifest, { values, tasks });
  return (
    <form className="run" onSubmit={(event) => event.preventDefault()}>
      {manifest.parameters.map((parameter) => (
        <ParameterField
          key={parameter.name}
          parameter={parameter}
          value={values[parameter.name] ?? ''}
          problem={problems.get(parameter.name)}
          onChange={(value) => setValues((before) => ({ ...before, [parameter.name]: value }))}
        />
      ))}
      {manifest.bag && (
        <div className="field">
          <label htmlFor={tasksId}>Tasks</label>
          <input
            id={tasksId}
            type="number"
            min={1}
            max={MAX_TASKS}
            value={tasks}
            onChange={(event) => setTasks(Math.min(MAX_TASKS, Math.max(1, Math.trunc(Number(event.target.value)) || 1)))}
          />
          <p className="quiet">{manifest.bag.description}</p>
        </div>
      )}
      <p>
        {problems.size > 0
          ? 'Correct the marked fields first; the command would be:'
          : 'Run it with this command, which shows a quote first:'}{' '}
        {problems.size === 0 && <CopyButton text={command} what="command" />}
      </p>
      <output className="command">
        <code className="block">{command}</code>
      </output>
    </form>
  );
}

interface ParameterFieldProps {
  readonly parameter: ProgramParameter;
  readonly value: string;
  readonly problem: string | undefined;
  readonly onChange: (value: string) => void;
}

function ParameterField({ parameter, value, problem, onChange }: ParameterFieldProps) {
  const id = useId();
  const shared = { id, 'aria-invalid': problem !== undefined, 'aria-describedby': `${id}-help ${id}-error` };
  return (
    <div className="field">
      <label htmlFor={id}>{parameter.name}</label>
      {parameter.type === 'choice' ? (
        <select {...shared} value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">{placeholderOf(parameter)}</option>
          {parameter.choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      ) : (
        <input
          {...shared}
          className="mono"
          inputMode={parameter.type === 'integer' ? 'numeric' : parameter.type === 'number' ? 'decimal' : 'text'}
          placeholder={placeholderOf(parameter)}
          spellCheck={false}
          autoComplete="off"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      <p id={`${id}-help`} className="quiet">
        {parameter.description}
        {rangeOf(parameter)}
      </p>
      <p id={`${id}-error`} className="error" role="alert">
        {problem}
      </p>
    </div>
  );
}

function placeholderOf(parameter: ProgramParameter): string {
  if (parameter.type === 'input-file') return 'path of a file on your machine';
  return parameter.default === undefined || parameter.default === '' ? 'none' : `${parameter.default}`;
}

function rangeOf(parameter: ProgramParameter): string {
  if (parameter.type !== 'integer' && parameter.type !== 'number') return '';
  const steps = parameter.type === 'number' ? ` in steps of ${parameter.step}` : '';
  return ` (${parameter.minimum} to ${parameter.maximum}${steps})`;
}
