import { beforeAll, describe, expect, it } from 'vitest';
import { type Documented, documentedFunctions, missingFailures } from './natspec.ts';
import { syntaxTrees } from './scripts/compile.ts';

/** Failures that the code path holds and no call can reach. */
const UNREACHABLE: Readonly<Record<string, string>> = {
  'IRegistry OwnableUnauthorizedAccount': 'the registries override the check and keep the older text',
  'IPoolOperatorFactory FailedDeployment': 'the address was found empty, and the code is ours',
  'IPoolOperatorFactory InsufficientBalance': 'creations send no wei',
  'IPoolOperatorFactory Create2: Failed on deploy': 'the pool was found unregistered',
  'IPoolOperatorFactory Create2EmptyBytecode': 'the code of an entry is a constant',
  'IPoolOperatorFactory ERC721InsufficientApproval': 'minting asks for no approval',
  'IPoolOperatorFactory ERC721InvalidApprover': 'minting approves nobody',
  'IPoolOperatorFactory ERC721InvalidReceiver': 'an operator is not zero',
  'IPoolOperatorFactory ERC721InvalidSender': 'the pool was found unregistered',
  'IPoolOperatorFactory ERC721NonexistentToken': 'minting asks for no owner',
  'IPoolOperatorFactory Panic': 'of the enumeration of tokens, whose indexes are its own',
  'ITasks IexecEscrow: Transfer from empty address': 'a worker is the caller, which is not zero',
};
const CALLERS = /anybody|owner|caller|scheduler|worker|agent|candidate|registry|factory|sender|called by|never reverts/i;

describe('documentation of the interfaces', () => {
  let functions: Documented[];
  beforeAll(() => {
    functions = documentedFunctions(syntaxTrees(), 'src/interfaces/');
  }, 120_000);

  it('covers every external function', () => {
    expect(functions.length).toBeGreaterThan(100);
    expect(functions.filter(({ text }) => text === '').map(({ name }) => name)).toEqual([]);
  });

  it('says of every change who may make it', () => {
    expect(functions.filter(({ isView, context }) => !isView && !CALLERS.test(context)).map(({ name }) => name)).toEqual([]);
  });

  it('names every failure that the code behind it can raise', () => {
    const used = new Set<string>();
    const missing = functions.flatMap((documented) =>
      missingFailures(documented).flatMap((failure) => {
        const key = `${documented.name.split('.')[0]} ${failure}`;
        used.add(key);
        return key in UNREACHABLE ? [] : [`${documented.name}: ${failure}`];
      }),
    );
    expect(missing).toEqual([]);
    expect(Object.keys(UNREACHABLE).filter((key) => !used.has(key))).toEqual([]);
  });

  it('is compared with the code, not with itself', () => {
    const withdraw = functions.find(({ name }) => name === 'IEscrow.withdraw');
    expect(withdraw?.failures).toEqual(expect.arrayContaining(['ERC20: transfer to the hub', 'empty revert', 'failed-transfer']));
    expect(missingFailures({ ...(withdraw as Documented), context: '' })).toEqual(withdraw?.failures);
  });
});
