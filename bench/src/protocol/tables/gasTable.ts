import { batchGasWithDrand, dealGas, gasOf, STEPS, type Touches } from '../gasSteps.ts';
import { grouped, markdown, type Row } from './markdown.ts';

/** Gas of the steps of a deal, estimated. */
export function gasTable(): string {
  const each = (gas: (seats: number) => number, ...seats: readonly number[]): string =>
    seats.map((count) => grouped(gas(count))).join(' / ');
  const step = (touches: (seats: number) => Touches, ...seats: readonly number[]): string =>
    each((count) => gasOf(touches(count)), ...seats);
  const rows: readonly Row[] = [
    ['match', step(STEPS.match, 0)],
    ['commit, first / second / third seat', step(STEPS.commit, 1, 2, 3)],
    ['open and accept, 1 / 2 / 3 seats', step(STEPS.open, 1, 2, 3)],
    ['release of 1 / 3 seats, alone', step(STEPS.release, 1, 3)],
    ['release of 1 / 3 seats, in a list of ten', each((seats) => gasOf(STEPS.release(seats, 10)) / 10, 1, 3)],
    ['deliver one result (without the callback)', step(STEPS.deliver, 0)],
    ['reportPassed', step(STEPS.reportPassed, 0)],
    ['recordSeed, header / drand', `${step(STEPS.recordSeed, 0)} / ${step(STEPS.recordDrandSeed, 0)}`],
    ['replaceUnready, 2 of 3 ready', step(STEPS.replaceUnready, 2)],
    ['closeLate', step(STEPS.closeLate, 0)],
    ['claimDispute', step(STEPS.claimDispute, 0)],
    ["a referee's vote: commit / open", `${step(STEPS.vote, 0)} / ${step(STEPS.openVote, 0)}`],
    ['judgeAgain, 2 seats', step(STEPS.judgeAgain, 2)],
    ['enrol / changeWeight (up to 32 768 operators)', `${step(STEPS.enrol, 0)} / ${step(STEPS.changeWeight, 0)}`],
    ['**one task, 1 / 2 / 3 seats, everything**', each(dealGas, 1, 2, 3)],
    ['the same with a drand seed of its own for each draw', each((seats) => gasOf(STEPS.match()) + batchGasWithDrand(seats), 1, 2, 3)],
    ['**per task, bag of 100 in one batch of 128, 1 / 3 seats**', each((seats) => dealGas(seats) / 100, 1, 3)],
    ['**per task, bag of 1 000 in one batch of 1 024, 1 / 3 seats**', each((seats) => dealGas(seats) / 1_000, 1, 3)],
    ['per task, bag of 1 000 in batches of 256, 1 / 3 seats', each((seats) => dealGas(seats, 4) / 1_000, 1, 3)],
    ['per task, bag of 1 000 in batches of 16, 1 / 3 seats', each((seats) => dealGas(seats, 63) / 1_000, 1, 3)],
  ];
  return markdown(['step', 'gas, estimated'], rows);
}
