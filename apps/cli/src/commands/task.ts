import { join } from 'node:path';
import { decodeTaskId, type TaskId } from '@gleaner/primitives';
import { enclaveNotice } from '@gleaner/protocol';
import { agreedResult, buildReceipt, findSchedulerUrl, getTask, getTaskLogs, workerpoolStatus } from '@gleaner/sdk';
import type { Command } from 'commander';
import { writeReceipt } from '../receipt/writeReceipt.ts';
import { taskLines, taskSummary } from '../run/runSummary.ts';
import { saveResult } from '../run/saveResult.ts';
import { findResultKey } from '../secrets/resultKey.ts';
import { type CommonOptions, withSession } from '../session.ts';
import { optionsOf } from './options.ts';

export function addTaskCommand(program: Command): void {
  const task = program.command('task').description('look into one task');
  addShow(task);
  addLogs(task);
  addResult(task);
  addReceipt(task);
}

function addShow(task: Command): void {
  task
    .command('show')
    .description('status, workers, result and payouts of a task, read from the chain')
    .argument('<task id>')
    .action(async (id: string, _: unknown, command: Command) => {
      await withSession(
        optionsOf<CommonOptions>(command),
        async ({ gleaner, printer }) => {
          const record = await getTask(gleaner, decodeTaskId(id));
          const summary = await taskSummary(gleaner, await findSchedulerUrl(gleaner, record.deal.workerpool.pointer), record);
          for (const line of taskLines(summary)) printer.line(line);
          printer.result({ task: { ...summary, dealId: record.dealId, deadlines: record.times } });
        },
        { readOnly: true },
      );
    });
}

function addLogs(task: Command): void {
  task
    .command('logs')
    .description('what the program printed, worker by worker (kept for three days); for the requester of the task alone (--as)')
    .argument('<task id>')
    .action(async (id: string, _: unknown, command: Command) => {
      await withSession(optionsOf<CommonOptions>(command), async ({ gleaner, printer }) => {
        const taskId: TaskId = decodeTaskId(id);
        const { deal } = await getTask(gleaner, taskId);
        const { url } = await workerpoolStatus(gleaner, deal.workerpool.pointer);
        const { computeLogsList } = await getTaskLogs(gleaner, url, taskId);
        for (const { walletAddress, stdout, stderr } of computeLogsList) {
          printer.line(`worker ${walletAddress}`);
          if (stdout !== '') printer.line(stdout.trimEnd());
          if (stderr !== '') printer.line(`stderr:\n${stderr.trimEnd()}`);
        }
        printer.result({ taskId, logs: computeLogsList });
      });
    });
}

function addResult(task: Command): void {
  task
    .command('result')
    .description('fetch the result of a completed task and check it against the digest on chain')
    .argument('<task id>')
    .option('--out <dir>', 'new or empty folder to unpack into (default: results/<task> in the data folder)')
    .action(async (id: string, _: unknown, command: Command) => {
      const options = optionsOf<CommonOptions & { out?: string }>(command);
      await withSession(
        options,
        async ({ gleaner, printer, dataDir }) => {
          const record = await getTask(gleaner, decodeTaskId(id));
          const { deal } = record;
          const notice = enclaveNotice({ tag: deal.tag, chainId: gleaner.network.chainId });
          const agreed = agreedResult(record, deal);
          const { encrypted } = agreed;
          const key = encrypted ? await findResultKey(dataDir, deal.beneficiary) : {};
          const { folder, isSealed } = await saveResult(gleaner, agreed, options.out ?? join(dataDir, 'results', record.taskId), key);
          const checked = isSealed ? 'encrypted to its beneficiary, digest not checked' : 'digest checked';
          printer.line(`Result /ipfs/${record.resultCid}, ${checked}, unpacked in ${folder}`);
          if (notice !== undefined) printer.line(`Enclave: ${notice}`);
          const { taskId, resultCid, resultDigest } = record;
          printer.result({
            taskId,
            resultCid,
            resultDigest,
            resultPath: folder,
            ...(encrypted && { sealed: isSealed }),
            ...(notice && { encrypted, enclave: { hardware: false, notice } }),
          });
        },
        { readOnly: true },
      );
    });
}

function addReceipt(task: Command): void {
  task
    .command('receipt')
    .description('write the receipt of a task that has ended: a file that anybody can verify without this network')
    .argument('<task id>')
    .option('--out <file>', 'file to write (default: receipts/<task>.json in the data folder)')
    .action(async (id: string, _: unknown, command: Command) => {
      const options = optionsOf<CommonOptions & { out?: string }>(command);
      await withSession(
        options,
        async ({ gleaner, printer, dataDir }) => {
          const taskId = decodeTaskId(id);
          const { text, report } = await buildReceipt(gleaner, taskId);
          const path = options.out ?? join(dataDir, 'receipts', `${taskId}.json`);
          await writeReceipt(path, text);
          const sizeBytes = Buffer.byteLength(text);
          const anchors = report.inclusion.ends.map(({ number, hash }) => ({ number, hash }));
          printer.line(`Receipt ${path}, ${sizeBytes} bytes`);
          for (const { number, hash } of anchors) printer.line(`It is in block ${number}: anchor ${hash}`);
          printer.line(`Verify it with: gleaner verify ${path}`);
          printer.result({ taskId, path, sizeBytes, anchors });
        },
        { readOnly: true },
      );
    });
}
