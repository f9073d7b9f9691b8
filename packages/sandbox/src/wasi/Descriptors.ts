import { ERRNO, fail } from './errno.ts';
import type { DirectoryNode, FileNode, FileTree } from './FileTree.ts';

interface StreamDescriptor {
  readonly kind: 'stdin' | 'stdout' | 'stderr';
}

export interface FileDescriptor {
  readonly kind: 'file';
  readonly node: FileNode;
  readonly readable: boolean;
  readonly writable: boolean;
  append: boolean;
  position: number;
}

export interface DirectoryDescriptor {
  readonly kind: 'directory';
  readonly node: DirectoryNode;
  /** Name under which the program was given it. */
  readonly preopen: string | undefined;
}

export type Descriptor = StreamDescriptor | FileDescriptor | DirectoryDescriptor;

const MAX_DESCRIPTORS = 1024;

/** The program's open descriptors: 0–2 streams, 3 `/iexec_in`, 4 `/iexec_out`, then the lowest free number. */
export class Descriptors {
  readonly #open: (Descriptor | undefined)[];
  readonly #tree: FileTree;

  constructor(tree: FileTree) {
    this.#tree = tree;
    this.#open = [
      { kind: 'stdin' },
      { kind: 'stdout' },
      { kind: 'stderr' },
      { kind: 'directory', node: tree.input, preopen: '/iexec_in' },
      { kind: 'directory', node: tree.output, preopen: '/iexec_out' },
    ];
  }

  get(fd: number): Descriptor {
    return this.#open[fd] ?? fail(ERRNO.badDescriptor);
  }

  file(fd: number): FileDescriptor {
    const descriptor = this.get(fd);
    if (descriptor.kind === 'directory') fail(ERRNO.isDirectory);
    return descriptor.kind === 'file' ? descriptor : fail(ERRNO.notSeekable);
  }

  directory(fd: number): DirectoryDescriptor {
    const descriptor = this.get(fd);
    return descriptor.kind === 'directory' ? descriptor : fail(ERRNO.notDirectory);
  }

  add(descriptor: FileDescriptor | DirectoryDescriptor): number {
    const free = this.#open.indexOf(undefined);
    const fd = free < 0 ? this.#open.length : free;
    if (fd >= MAX_DESCRIPTORS) fail(ERRNO.tooManyOpen);
    this.#open[fd] = descriptor;
    this.#tree.opened(descriptor.node);
    return fd;
  }

  close(fd: number): void {
    const descriptor = this.get(fd);
    this.#open[fd] = undefined;
    if ('node' in descriptor) this.#tree.closed(descriptor.node);
  }

  /** Moves a descriptor over another open one, which is closed. */
  renumber(from: number, to: number): void {
    const descriptor = this.get(from);
    this.get(to);
    if (from === to) return;
    this.close(to);
    this.#open[to] = descriptor;
    this.#open[from] = undefined;
  }
}
