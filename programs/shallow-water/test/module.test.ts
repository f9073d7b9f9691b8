import { anyArguments } from '../../testing/anyArguments.ts';
import { testModule, testRefusals, testSameEverywhere } from '../../testing/programLaws.ts';
import { shallowWater } from './shallowWater.ts';

testModule(shallowWater);

testSameEverywhere(
  shallowWater,
  anyArguments(shallowWater.manifest, {
    atMost: { 'cells-x': 16, 'cells-y': 10, duration: 3 },
    values: { gauges: ['0.5,0.5', '0,0 1,1', '0.1,'], part: ['0/1', '1/3', '2/2'] },
  }).map((args) => ({ args })),
  { runs: 20 },
);

testRefusals(shallowWater, [
  [['--cells-x', '3'], '--cells-x must be a whole number from 4 to 800, not "3"'],
  [['--cells-y', '801'], '--cells-y must be'],
  [['--bed', 'sand'], '--bed must be one of flat, beach, ridge, not "sand"'],
  [['--depth', '-1'], '--depth must be a number from 0.1 to 11000'],
  [['--rise', '1.2'], '--rise must be a number from 0 to 1.1'],
  [['--duration', '100001'], '--duration must be'],
  [['--gauges', ''], '--gauges: there is none'],
  [['--gauges', '0.5'], '--gauges must be pairs x,y of shares from 0 to 1 with spaces between, not "0.5"'],
  [['--gauges', '0.5,2'], '--gauges must be pairs'],
  [['--gauges', '0.5,0.5,0.5'], '--gauges must be pairs'],
  [['--gauges', '0.5 0.5,0.5'], '--gauges must be pairs'],
  [['--gauges', '0,0 '.repeat(33)], '--gauges: more than 32 of them'],
  [['--sweep', 'depth', '--from', '0', '--part', '0/2'], 'the sweep of depth reaches 0; it must stay from 0.1 to 11000'],
  [['--sweep', 'place-x', '--part', '1/2'], 'the sweep of place-x reaches 5; it must stay from 0 to 1'],
  [['--sweep', 'none'], '--sweep must be one of'],
  [['--part', '1/1'], 'a part is written index/size'],
  [['--field'], '--field needs a value'],
  [['--start', 'hump', '--start', 'dam'], '--start is given twice'],
  [['--wind', '3'], 'unknown argument "--wind"'],
  [['wave'], 'unexpected argument "wave"'],
]);
