import type { ImportSurface } from '../wasm/checkModule.ts';
import { type FunctionType, I32, I64 } from '../wasm/valueTypes.ts';

/** Parameters of every preview 1 function: i for i32, l for i64. All but `proc_exit` give an errno. */
const SIGNATURES = {
  args_get: 'ii',
  args_sizes_get: 'ii',
  environ_get: 'ii',
  environ_sizes_get: 'ii',
  clock_res_get: 'ii',
  clock_time_get: 'ili',
  fd_advise: 'illi',
  fd_allocate: 'ill',
  fd_close: 'i',
  fd_datasync: 'i',
  fd_fdstat_get: 'ii',
  fd_fdstat_set_flags: 'ii',
  fd_fdstat_set_rights: 'ill',
  fd_filestat_get: 'ii',
  fd_filestat_set_size: 'il',
  fd_filestat_set_times: 'illi',
  fd_pread: 'iiili',
  fd_prestat_get: 'ii',
  fd_prestat_dir_name: 'iii',
  fd_pwrite: 'iiili',
  fd_read: 'iiii',
  fd_readdir: 'iiili',
  fd_renumber: 'ii',
  fd_seek: 'ilii',
  fd_sync: 'i',
  fd_tell: 'ii',
  fd_write: 'iiii',
  path_create_directory: 'iii',
  path_filestat_get: 'iiiii',
  path_filestat_set_times: 'iiiilli',
  path_link: 'iiiiiii',
  path_open: 'iiiiillii',
  path_readlink: 'iiiiii',
  path_remove_directory: 'iii',
  path_rename: 'iiiiii',
  path_symlink: 'iiiii',
  path_unlink_file: 'iii',
  poll_oneoff: 'iiii',
  proc_exit: 'i',
  proc_raise: 'i',
  random_get: 'ii',
  sched_yield: '',
  sock_accept: 'iii',
  sock_recv: 'iiiiii',
  sock_send: 'iiiii',
  sock_shutdown: 'ii',
} as const;

export type WasiFunctionName = keyof typeof SIGNATURES;

function functionType(name: string, letters: string): FunctionType {
  const params = [...letters].map((letter) => (letter === 'l' ? I64 : I32));
  return { params, results: name === 'proc_exit' ? [] : [I32] };
}

/** What a program may import. Source: wasi_snapshot_preview1 as wasi-libc declares it. */
export const WASI_SURFACE: ImportSurface = {
  module: 'wasi_snapshot_preview1',
  functions: new Map(Object.entries(SIGNATURES).map(([name, letters]) => [name, functionType(name, letters)])),
};

export const WASI_FUNCTION_NAMES = Object.keys(SIGNATURES) as readonly WasiFunctionName[];
