import type { Category } from '@gleaner/protocol';
import { createCategoryCall } from '../deploy/plan.ts';
import type { Receipt, Sender } from '../sender/createSender.ts';
import type { ActionOptions } from './ActionOptions.ts';

/** Adds a category; its id is the count before. By the owner of the hub. @throws {GleanerError} forbidden */
export function createCategory(sender: Sender, category: Category, options: ActionOptions = {}): Promise<Receipt> {
  return sender.sendCall(createCategoryCall(sender.chain.hubAddress, category), options);
}
