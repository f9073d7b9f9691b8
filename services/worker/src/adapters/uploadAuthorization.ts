import type { LocalAccount } from 'viem';
export async function uploadAuthorization(account: LocalAccount, taskId: string, cid: string): Promise<string> {
  return account.signMessage({ message: `${taskId}${cid}` });
}
