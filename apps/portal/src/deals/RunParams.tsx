import { readParams } from '@gleaner/protocol';
import { Facts } from '../layout/Facts.tsx';

/** Parameters in words; one without is called by its key. */
const NAMES: Readonly<Record<string, string>> = {
  bulk_cid: 'Bulk of datasets',
  iexec_result_encryption: 'Result encrypted',
  iexec_result_storage_provider: 'Result kept by',
  iexec_result_storage_proxy: 'Result sent through',
  iexec_secrets: 'Secrets, by name',
};

/** The parameters of a run as its requester wrote them. */
export function RunParams({ text }: { readonly text: string }) {
  const { params, issues } = readParams(text);
  const { iexec_args, iexec_input_files, ...others } = params;
  return (
    <>
      <Facts
        entries={[
          ['Arguments', <Arguments key="arguments" line={iexec_args} />],
          ['Input files', iexec_input_files && iexec_input_files.length > 0 && <InputFiles urls={iexec_input_files} />],
          ...Object.entries(others).map(
            ([name, value]) =>
              [NAMES[name] ?? name, <code key={name}>{typeof value === 'string' ? value : JSON.stringify(value)}</code>] as const,
          ),
        ]}
      />
      {issues.length > 0 && (
        <p className="notice">Not understood and left out: {issues.map(({ key, message }) => `${key} ${message}`).join('; ')}.</p>
      )}
    </>
  );
}

function Arguments({ line }: { readonly line: string | undefined }) {
  return line === undefined || line === '' ? <span className="quiet">none</span> : <code className="block">{line}</code>;
}

/** Shown as text: whoever made the deal wrote these addresses. */
function InputFiles({ urls }: { readonly urls: readonly string[] }) {
  return (
    <ul className="plain">
      {urls.map((url) => (
        <li key={url}>
          <code className="break">{url}</code>
        </li>
      ))}
    </ul>
  );
}
