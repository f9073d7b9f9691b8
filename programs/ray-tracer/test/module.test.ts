import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyArguments } from '../../testing/anyArguments.ts';
import { testModule, testRefusals, testSameEverywhere } from '../../testing/programLaws.ts';
import { rayTracer } from './rayTracer.ts';

const DEEP = process.env['GLEANER_DEEP'] !== undefined;
const SCENE =
  'camera 1 2 -3 0 0 0 50\nlight 3 3 -3 1 1 1 0.5\nmaterial m 0.2 0.4 0.8 reflect 0.3 transmit 0.3 1.4 shine 1 20\nbox m -1 -1 -1 1 1 1\n';

testModule(rayTracer);

testSameEverywhere(
  rayTracer,
  anyArguments(rayTracer.manifest, {
    atMost: { width: 40, height: 24, samples: 3 },
    values: { scene: ['scene.txt', '@1', 'absent'], tile: ['0/1', '1/3', '7/9', '3/3'] },
  }).map((args) => ({ args, inputs: { 'scene.txt': SCENE }, env: { IEXEC_INPUT_FILE_NAME_1: 'scene.txt' } })),
);

const scene = (text: string, message: string) => [['--scene', 's'], message, { inputs: { s: text } }] as const;

testRefusals(rayTracer, [
  [['--width', '0'], '--width must be a whole number from 1 to 4096, not "0"'],
  [['--height=2161'], '--height must be a whole number from 1 to 2160'],
  [['--samples', 'two'], '--samples must be'],
  [['--samples'], '--samples needs a value'],
  [['--depth', '13'], '--depth must be'],
  [['--tile', '3/3'], 'a part is written index/size'],
  [['--tile', '3'], 'a part is written index/size'],
  [['--tile', '/2'], 'a part is written index/size'],
  [['--tile', '-1/2'], 'a part is written index/size'],
  [['--join=1'], '--join takes no value'],
  [['--join'], 'IEXEC_BOT_SIZE must say'],
  [['--seed', '1', '--seed', '1'], '--seed is given twice'],
  [['--colour', 'red'], 'unknown argument "--colour"'],
  [['scene.txt'], 'unexpected argument "scene.txt"'],
  [['a\nb'], 'unexpected argument "a?b"'],
  [['--scene', 'absent'], 'cannot open the scene file /iexec_in/absent'],
  [['--scene', '@2'], 'the request has no such input file'],
  [
    [],
    'IEXEC_BOT_TASK_INDEX 9 is outside the bag of 4 tasks from 2',
    { env: { IEXEC_BOT_SIZE: '4', IEXEC_BOT_FIRST_INDEX: '2', IEXEC_BOT_TASK_INDEX: '9' } },
  ],
  scene('', 'the scene has no shapes'),
  scene('\nball', 'scene line 2: "ball" is none of camera, sky,'),
  scene('sphere m 0 0 0 1', 'scene line 1: there is no material m above'),
  scene('material m 1 1', "scene line 1: the material's colour is missing"),
  scene('material m 1 1 2', 'the material\'s colour must be a number from 0 to 1, not "2"'),
  scene('material m 1 1 1 reflect 0.6 transmit 0.6 1', 'reflect and transmit are more than 1 together'),
  scene('material m 1 1 1 glow', '"glow" is none of checker, reflect, transmit, shine'),
  scene('material m 1 1 1\nmaterial m 1 1 1', 'scene line 2: there is a material m already'),
  scene('camera 0 0 0 0 1 0 45', 'the camera looks nowhere, or straight along its up'),
  scene('camera 0 0 0 0 0 0 45', 'the camera looks nowhere'),
  scene('material m 1 1 1\ntriangle m 0 0 0 1 1 1 2 2 2', 'the corners lie on a line'),
  scene('material m 1 1 1\nbox m 0 0 0 1 1 0', 'the second corner must be greater'),
  scene('material m 1 1 1\nplane m 0 0 0 1', 'the plane has no normal'),
  scene('material m 1 1 1 # comment\nsphere m 0 0 0 1 2', 'scene line 2: "2" is too much'),
  scene('sky nan nan nan 0 0 0', 'must be a number'),
  scene('\0', 'is not text'),
  scene(`material m 1 1 1\n${'sphere m 0 0 0 1\n'.repeat(1001)}`, 'more than 1000 shapes'),
  scene('#'.repeat(2 ** 20 + 1), 'larger than 1048576 bytes'),
]);

describe('ray-tracer reads a scene of any words', () => {
  it('and never breaks', () => {
    const word = fc.constantFrom(
      'camera',
      'light',
      'material',
      'm',
      'sphere',
      'plane',
      'triangle',
      'box',
      'sky',
      'checker',
      'transmit',
      '1',
      '0',
      '-2.5',
      '1e5',
      '\n',
      '\n',
      '#',
      '0.5',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(word, { maxLength: 40 }).map((words) => words.join(' ')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          const { exitCode, stderr } = rayTracer.run(['--width=2', '--height=2', '--scene', 's'], { inputs: { s: text } });
          expect([0, 2]).toContain(exitCode);
          expect(stderr === '').toBe(exitCode === 0);
        },
      ),
      { numRuns: DEEP ? 2000 : 40 },
    );
  });
});
