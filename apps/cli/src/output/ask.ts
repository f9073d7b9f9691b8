import { confirm, isCancel, password } from '@clack/prompts';
import { GleanerError } from '@gleaner/primitives';

/** Yes or no at the terminal. Without a terminal nobody can answer, so the caller is told about --yes. */
export async function askYes(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new GleanerError('bad-request', 'There is no terminal to ask at; pass --yes to go ahead without being asked');
  const answer = await confirm({ message: question });
  if (isCancel(answer)) throw new GleanerError('aborted', 'Cancelled; nothing was locked');
  return answer;
}

/** A secret typed at the terminal, not shown. */
export async function askSecret(question: string): Promise<string> {
  if (!process.stdin.isTTY) throw new GleanerError('bad-request', 'There is no terminal to ask for the password at; pass --password-file');
  const answer = await password({ message: question });
  if (isCancel(answer)) throw new GleanerError('aborted', 'Cancelled');
  return answer;
}
