import { anyArguments } from '../../testing/anyArguments.ts';
import { testModule, testRefusals, testSameEverywhere } from '../../testing/programLaws.ts';
import { optionPricer } from './optionPricer.ts';

testModule(optionPricer);

testSameEverywhere(
  optionPricer,
  anyArguments(optionPricer.manifest, { atMost: { paths: 300, steps: 30 }, values: { part: ['0/1', '1/3', '9/10', '2/2'] } }).map(
    (args) => ({ args }),
  ),
  { runs: 25 },
);

testRefusals(optionPricer, [
  [['--type', 'american'], '--type must be one of european, asian, barrier, not "american"'],
  [['--side='], '--side must be one of call, put, not ""'],
  [['--spot', '0'], '--spot must be a number from 0.01 to 1000000, not "0"'],
  [['--spot', 'nan'], '--spot must be'],
  [['--spot', 'inf'], '--spot must be'],
  [['--spot', '0x10'], '--spot must be'],
  [['--spot', '1e'], '--spot must be'],
  [['--spot', '.'], '--spot must be'],
  [['--spot', ' 1'], '--spot must be'],
  [['--spot', '1'.repeat(70)], '--spot must be'],
  [['--rate', '1.01'], '--rate must be a number from -0.5 to 1'],
  [['--volatility', '-0.2'], '--volatility must be'],
  [['--paths', '1'], '--paths must be a whole number from 2 to 100000000'],
  [['--paths', '1e5'], '--paths must be'],
  [['--steps', '1001'], '--steps must be'],
  [['--part', '2/2'], 'a part is written index/size'],
  [['--part', '0/0'], 'a part is written index/size'],
  [['--part', '1/2/3'], 'a part is written index/size'],
  [['--join'], 'IEXEC_BOT_SIZE must say'],
  [['--join'], 'cannot open the part file /iexec_in/0', { env: { IEXEC_BOT_SIZE: '2' } }],
  [[], 'IEXEC_BOT_SIZE must be a whole number, not "many"', { env: { IEXEC_BOT_SIZE: 'many' } }],
  [[], 'IEXEC_BOT_TASK_INDEX is not given', { env: { IEXEC_BOT_SIZE: '2' } }],
  [['--strike'], '--strike needs a value'],
  [['put'], 'unexpected argument "put"'],
]);
