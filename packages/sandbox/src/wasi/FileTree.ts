import { ERRNO, fail } from './errno.ts';
import { RunEnd } from './RunEnd.ts';

/** Longest name of one entry, bytes. */
const MAX_NAME_BYTES = 255;
/** Longest path of an output below its folder, bytes. */
const MAX_OUTPUT_PATH_BYTES = 1024;

/** What a step up the tree, and a comparison of names, are charged as, in bytes moved. */
const STEP_BYTES = 64;
const SORT_BYTES = 1024;

const encoder = new TextEncoder();

export interface FileNode {
  readonly kind: 'file';
  readonly inode: bigint;
  readonly writable: boolean;
  /** Content is `bytes[0, size)`; the rest is capacity. */
  bytes: Uint8Array;
  size: number;
  /** Descriptors open on it. */
  opened: number;
  linked: boolean;
}

export interface DirectoryNode {
  readonly kind: 'directory';
  readonly inode: bigint;
  readonly writable: boolean;
  readonly entries: Map<string, TreeNode>;
  /** Names in byte order; absent after a change. */
  sorted: readonly string[] | undefined;
  linked: boolean;
  parent: DirectoryNode | undefined;
}

export type TreeNode = FileNode | DirectoryNode;

/** Where a path leads: the folder that holds it and the name in it; an empty name means the folder itself. */
export interface Place {
  readonly directory: DirectoryNode;
  readonly name: string;
  readonly node: TreeNode | undefined;
  /** The path ends in a slash or a dot: only a folder will do. */
  readonly mustBeDirectory: boolean;
}

export interface TreeOptions {
  readonly outputBytes: number;
  readonly outputFiles: number;
  /** Told how many bytes the host moves or clears beyond what the call itself names. */
  readonly charge: (bytes: number) => void;
}

export interface OutputEntry {
  /** Relative to the output folder, `/` between names. */
  readonly path: string;
  /** Absent for a folder. */
  readonly content?: Uint8Array;
}

/**
 * The files a program sees, held in memory: an input folder that cannot change and an output folder with a quota.
 * There are no links, so a name is reached by one path and nothing leads out of a folder. Going over the quota ends the run.
 */
export class FileTree {
  readonly input: DirectoryNode;
  readonly output: DirectoryNode;
  readonly #options: TreeOptions;
  #inodes = 0n;
  #outputBytes = 0;
  #outputFiles = 0;

  constructor(options: TreeOptions) {
    this.#options = options;
    this.input = this.#directory(undefined, false);
    this.output = this.#directory(undefined, true);
  }

  /** @param path relative, checked by the caller; folders are made on the way */
  addInput(path: string, content: Uint8Array): void {
    const names = path.split('/');
    const name = names.pop() as string;
    let directory = this.input;
    for (const part of names) {
      let next = directory.entries.get(part);
      if (next?.kind !== 'directory') {
        next = this.#directory(directory, false);
        directory.entries.set(part, next);
      }
      directory = next;
    }
    const file: FileNode = { ...this.#file(), writable: false, bytes: content, size: content.length };
    directory.entries.set(name, file);
  }

  /** Follows a path inside `root`. `..` above it, and an absolute path, are refused. */
  resolve(root: DirectoryNode, path: string): Place {
    if (path === '') fail(ERRNO.noEntry);
    if (path.startsWith('/')) fail(ERRNO.notCapable);
    const way: DirectoryNode[] = [root];
    const parts = path.split('/').filter((part) => part !== '');
    const last = parts.at(-1) ?? '.';
    for (const part of parts.slice(0, -1)) walk(way, part);
    if (last === '.' || last === '..') {
      walk(way, last);
      const directory = way.at(-1) as DirectoryNode;
      return { directory, name: '', node: directory, mustBeDirectory: true };
    }
    if (encoder.encode(last).length > MAX_NAME_BYTES) fail(ERRNO.nameTooLong);
    const directory = way.at(-1) as DirectoryNode;
    const node = directory.entries.get(last);
    const mustBeDirectory = path.endsWith('/');
    if (mustBeDirectory && node?.kind === 'file') fail(ERRNO.notDirectory);
    return { directory, name: last, node, mustBeDirectory };
  }

  createFile(place: Place): FileNode {
    if (place.mustBeDirectory) fail(ERRNO.isDirectory);
    const file = this.#file();
    this.#link(place, file);
    return file;
  }

  createDirectory(place: Place): void {
    if (place.node !== undefined) fail(ERRNO.exists);
    this.#link(place, this.#directory(place.directory, true));
  }

  removeFile(place: Place): void {
    const node = place.node ?? fail(ERRNO.noEntry);
    if (node.kind === 'directory') fail(ERRNO.isDirectory);
    this.#unlink(place, node);
  }

  removeDirectory(place: Place): void {
    const node = place.node ?? fail(ERRNO.noEntry);
    if (node.kind === 'file') fail(ERRNO.notDirectory);
    if (place.name === '') fail(ERRNO.invalid);
    if (!place.directory.writable) fail(ERRNO.readOnly);
    if (node.entries.size > 0) fail(ERRNO.notEmpty);
    this.#unlink(place, node);
  }

  rename(from: Place, to: Place): void {
    const node = from.node ?? fail(ERRNO.noEntry);
    if (from.name === '' || to.name === '') fail(ERRNO.busy);
    if (!from.directory.writable || !to.directory.writable) fail(ERRNO.readOnly);
    if (to.node === node) return;
    if (node.kind === 'directory' && this.#contains(node, to.directory)) fail(ERRNO.invalid);
    if (node.kind === 'file' && to.mustBeDirectory) fail(ERRNO.notDirectory);
    if (!to.directory.linked) fail(ERRNO.noEntry);
    if (to.node !== undefined) this.#replace(to, node);
    from.directory.entries.delete(from.name);
    from.directory.sorted = undefined;
    to.directory.entries.set(to.name, node);
    to.directory.sorted = undefined;
    if (node.kind === 'directory') node.parent = to.directory;
  }

  /** Sets the size of a file, filling with zeros; within its folder's quota. */
  resize(file: FileNode, size: number): void {
    if (!file.writable) fail(ERRNO.readOnly);
    this.#reserve(size - file.size);
    this.#options.charge(Math.abs(size - file.size));
    if (size > file.bytes.length) this.#setCapacity(file, Math.max(size, Math.min(2 * file.bytes.length, this.#options.outputBytes)));
    else if (size < file.size) file.bytes.fill(0, size, file.size);
    file.size = size;
    if (4 * size < file.bytes.length) this.#setCapacity(file, size);
  }

  #setCapacity(file: FileNode, capacity: number): void {
    this.#options.charge(capacity);
    const bytes = new Uint8Array(capacity);
    bytes.set(file.bytes.subarray(0, Math.min(file.size, capacity)));
    file.bytes = bytes;
  }

  /** Writes at an offset, growing the file. */
  write(file: FileNode, offset: number, data: Uint8Array): void {
    if (!file.writable) fail(ERRNO.readOnly);
    if (data.length === 0) return;
    if (offset + data.length > file.size) this.resize(file, offset + data.length);
    file.bytes.set(data, offset);
  }

  opened(node: TreeNode): void {
    if (node.kind === 'file') node.opened++;
  }

  closed(node: TreeNode): void {
    if (node.kind !== 'file') return;
    node.opened--;
    this.#release(node);
  }

  sortedNames(directory: DirectoryNode): readonly string[] {
    directory.sorted ??= sortByBytes([...directory.entries.keys()]);
    return directory.sorted;
  }

  /** The names as a program may ask for them; sorting after a change is charged. */
  listedNames(directory: DirectoryNode): readonly string[] {
    const count = directory.entries.size;
    if (directory.sorted === undefined) this.#options.charge(SORT_BYTES * count * Math.ceil(Math.log2(count + 2)));
    return this.sortedNames(directory);
  }

  /** What the program wrote, folders before their content, names in byte order. */
  outputs(): OutputEntry[] {
    const entries: OutputEntry[] = [];
    const visit = (directory: DirectoryNode, prefix: string): void => {
      for (const name of this.sortedNames(directory)) {
        const node = directory.entries.get(name) as TreeNode;
        const path = prefix + name;
        if (encoder.encode(path).length > MAX_OUTPUT_PATH_BYTES) throw outputEnd('path', MAX_OUTPUT_PATH_BYTES);
        if (node.kind === 'file') entries.push({ path, content: node.bytes.subarray(0, node.size) });
        else {
          entries.push({ path });
          visit(node, `${path}/`);
        }
      }
    };
    visit(this.output, '');
    return entries;
  }

  #file(): FileNode {
    return { kind: 'file', inode: ++this.#inodes, writable: true, bytes: new Uint8Array(0), size: 0, opened: 0, linked: true };
  }

  #directory(parent: DirectoryNode | undefined, writable: boolean): DirectoryNode {
    return { kind: 'directory', inode: ++this.#inodes, writable, entries: new Map(), sorted: undefined, linked: true, parent };
  }

  #link(place: Place, node: TreeNode): void {
    if (place.name === '') fail(ERRNO.exists);
    if (!place.directory.writable) fail(ERRNO.readOnly);
    if (!place.directory.linked) fail(ERRNO.noEntry);
    if (this.#outputFiles >= this.#options.outputFiles) throw outputEnd('files', this.#options.outputFiles);
    this.#outputFiles++;
    place.directory.entries.set(place.name, node);
    place.directory.sorted = undefined;
  }

  #unlink(place: Place, node: TreeNode): void {
    if (!place.directory.writable) fail(ERRNO.readOnly);
    place.directory.entries.delete(place.name);
    place.directory.sorted = undefined;
    node.linked = false;
    this.#outputFiles--;
    if (node.kind === 'file') this.#release(node);
  }

  /** Makes room for a renamed node, by the rules of rename(2). */
  #replace(to: Place, by: TreeNode): void {
    const old = to.node as TreeNode;
    if (old.kind === 'directory' && by.kind === 'file') fail(ERRNO.isDirectory);
    if (old.kind === 'file' && by.kind === 'directory') fail(ERRNO.notDirectory);
    if (old.kind === 'directory' && old.entries.size > 0) fail(ERRNO.notEmpty);
    this.#unlink(to, old);
  }

  #reserve(bytes: number): void {
    if (this.#outputBytes + bytes > this.#options.outputBytes) throw outputEnd('bytes', this.#options.outputBytes);
    this.#outputBytes += bytes;
  }

  #contains(ancestor: DirectoryNode, directory: DirectoryNode): boolean {
    for (let at: DirectoryNode | undefined = directory; at !== undefined; at = at.parent) {
      if (at === ancestor) return true;
      this.#options.charge(STEP_BYTES);
    }
    return false;
  }

  /** Returns the quota of a file that nothing can reach any more. */
  #release(file: FileNode): void {
    if (file.linked || file.opened > 0 || !file.writable) return;
    this.#outputBytes -= file.size;
    file.size = 0;
    file.bytes = new Uint8Array(0);
  }
}

function walk(way: DirectoryNode[], part: string): void {
  if (part === '.') return;
  if (part === '..') {
    if (way.length === 1) fail(ERRNO.notCapable);
    way.pop();
    return;
  }
  const next = way.at(-1)?.entries.get(part) ?? fail(ERRNO.noEntry);
  if (next.kind === 'file') fail(ERRNO.notDirectory);
  way.push(next);
}

function sortByBytes(names: readonly string[]): string[] {
  const keyed = names.map((name) => ({ name, key: encoder.encode(name) }));
  return keyed.sort((a, b) => Buffer.compare(a.key, b.key)).map(({ name }) => name);
}

export function outputEnd(what: 'bytes' | 'files' | 'path' | 'stdout' | 'stderr', limit: number): RunEnd {
  return new RunEnd({ kind: 'output', what, limit });
}
