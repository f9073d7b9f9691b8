import { basename, resolve } from 'node:path';
import { GleanerError, show } from '@gleaner/primitives';
import type { Command } from 'commander';
import { LANGUAGES, type Language, TOOLCHAINS } from '../init/toolchains.ts';
import { writeSkeleton } from '../init/writeSkeleton.ts';
import { type CommonOptions, printerOf } from '../session.ts';
import { optionsOf } from './options.ts';

export function addAppInitCommand(app: Command): void {
  app
    .command('init')
    .description('write a working program to make your own of: sources, manifest, Makefile')
    .argument('<folder>', 'a new or empty folder; its name becomes that of the program')
    .option('--language <name>', LANGUAGES.join(' or '), 'c')
    .action(async (target: string, _: unknown, command: Command) => {
      await initApp(target, optionsOf<CommonOptions & { language: string }>(command));
    });
}

async function initApp(target: string, options: CommonOptions & { language: string }): Promise<void> {
  const printer = printerOf(options);
  const language = languageOf(options.language);
  const name = programNameOf(resolve(target));
  const files = await writeSkeleton(target, name, language);
  const missing = await TOOLCHAINS[language].missing();
  printer.line(`Program ${name} (${TOOLCHAINS[language].title}) in ${target}: ${files.join(', ')}`);
  if (missing.length > 0) printer.line(`To compile it, install: apt-get install --no-install-recommends ${missing.join(' ')}`);
  printer.line(`Compile it with: make -C ${target}`);
  printer.line(`Try it with: gleaner app try ${target}`);
  printer.result({ name, language, folder: target, files, missingPackages: missing });
}

function languageOf(text: string): Language {
  const language = LANGUAGES.find((known) => known === text.toLowerCase());
  if (language !== undefined) return language;
  throw new GleanerError('bad-request', `--language must be ${LANGUAGES.join(' or ')}, got ${show(text)}`, {
    details: { option: '--language', value: show(text) },
  });
}

/** Programs are named in lower-case letters, digits and hyphens. */
function programNameOf(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  if (name !== '') return name;
  throw new GleanerError('bad-request', `The folder ${show(basename(folder))} gives no name for a program; use letters and digits`, {
    details: { folder: show(folder) },
  });
}
