import { isReasonCode, REASONS } from '@gleaner/primitives';
import { enclaveNotice } from '@gleaner/protocol';
import { Facts } from '../layout/Facts.tsx';
import { useNetwork } from '../network/NetworkContext.ts';
import { Amount } from '../values/Amount.tsx';
import { CopyButton } from '../values/CopyButton.tsx';
import { Address, DealLink, Hash } from '../values/Identifier.tsx';
import { Time } from '../values/Time.tsx';
import { useNow } from '../values/useNow.ts';
import { currentState, type TaskReading } from './taskQuery.ts';

/** The task in a few lines: where it belongs, what it costs, what came of it, and what happens to the money. */
export function TaskSummary({ task }: { readonly task: TaskReading }) {
  const { deal, dealId, chain, pool } = task;
  const price = deal.app.price + deal.dataset.price + deal.workerpool.price;
  const { chainId } = useNetwork();
  const notice = enclaveNotice({ tag: deal.tag, chainId });
  const reason = chain?.status === 'completed' ? undefined : pool.value?.reason;
  return (
    <>
      {notice && (
        <p className="notice" role="note">
          Enclave: <strong>{notice}</strong>
        </p>
      )}
      {reason && <FailureReason {...reason} />}
      <Facts
        entries={[
          ['Deal', <DealLink key="deal" of={dealId} />],
          ['Requester', <Address key="requester" of={deal.requester} />],
          ['Price', <Amount key="price" nano={price} />],
          ['Money', <MoneyNow key="money" task={task} />],
          ['Result', chain?.status === 'completed' && <Result task={task} />],
          ['Result digest', chain?.resultDigest !== undefined && <Hash of={chain.resultDigest} />],
        ]}
      />
    </>
  );
}

function FailureReason({ code, message }: { readonly code: string; readonly message: string }) {
  return (
    <div className="notice bad" role="status">
      <p>
        <strong>{message || 'The pool gave this task up.'}</strong>
      </p>
      <p>
        {isReasonCode(code) && REASONS[code].help} <code>{code}</code>
      </p>
    </div>
  );
}

/** Where the price is now and when it moves. */
function MoneyNow({ task }: { readonly task: TaskReading }) {
  const { chain, finalDeadline } = task;
  const isOver = useNow() / 1000 >= finalDeadline;
  const ended = chain?.times.ended;
  if (chain?.status === 'completed') return <>paid {ended !== undefined && <Time ms={ended * 1000} />}</>;
  if (chain?.status === 'failed') return <>returned to the payer {ended !== undefined && <Time ms={ended * 1000} />}</>;
  if (isOver) return <>locked; the final deadline has passed, so it is returned with the next claim, which the keeper sends for everyone</>;
  const isLost = ['refunding', 'failed'].includes(currentState(task));
  return (
    <>
      {isLost
        ? 'locked; it returns to the payer by itself after'
        : 'locked; if the task is not completed, it returns to the payer by itself after'}{' '}
      <Time ms={finalDeadline * 1000} distance />
    </>
  );
}

function Result({ task: { taskId, chain } }: { readonly task: TaskReading }) {
  const { services } = useNetwork();
  const command = `npx gleaner task result ${taskId}`;
  if (chain?.resultCid === undefined) return <code className="break">{chain?.results ?? 'the chain names none'}</code>;
  return (
    <>
      <a href={`${services.ipfsGatewayURL}/ipfs/${chain.resultCid}`} target="_blank" rel="noreferrer">
        Download the archive
      </a>{' '}
      <span className="mono quiet break">{chain.resultCid}</span>
      <p className="quiet">
        The link does not check what it brings. This does: <code className="break">{command}</code>{' '}
        <CopyButton text={command} what="command" />
      </p>
    </>
  );
}
