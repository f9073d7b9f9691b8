import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, readFile, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { enclaveUpload, readContent, signUpload, uploadResult } from '@gleaner/api';
import { assertContent, computeCid, translateFileError } from '@gleaner/content';
import type { LocalAccount } from 'viem';
import type { ContentPort } from '../ports.ts';
import { downloadUrl } from './downloadUrl.ts';
import { trimCache } from './trimCache.ts';

/** Bytes hashed at a time. */
const READ_BYTES = 1 << 20;
/** Bytes of fetched content kept for the next task. */
const CACHE_BYTES = 2 * 1024 ** 3;

/** Content through a gateway that is not trusted: what it gives is hashed before it is used. */
export async function createContentPort(options: {
  gatewayUrl: string;
  cacheDir: string;
  account: LocalAccount;
  /** Lets requests name URLs on this machine and the networks around it: on development chains alone. */
  allowPrivate: boolean;
}): Promise<ContentPort> {
  const { gatewayUrl, cacheDir, account, allowPrivate } = options;
  await mkdir(cacheDir, { recursive: true, mode: 0o700 });

  return {
    async fetch(cid, { maxBytes, signal }) {
      const path = join(cacheDir, cid);
      if (await exists(path)) {
        await utimes(path, new Date(), new Date());
        return path;
      }
      const partial = `${path}.${randomUUID()}.part`;
      try {
        await pipeline(readContent(gatewayUrl, cid, { maxBytes, signal }), createWriteStream(partial, { mode: 0o600 }));
        await assertContent(createReadStream(partial, { highWaterMark: READ_BYTES }), cid);
        await rename(partial, path);
      } catch (error) {
        throw translateFileError(error, cacheDir);
      } finally {
        await rm(partial, { force: true });
      }
      await trimCache(cacheDir, CACHE_BYTES, path);
      return path;
    },
    download: (url, limits) => downloadUrl(url, { ...limits, allowPrivate }),
    async uploadResult(taskId, archivePath, signal, enclave) {
      const archive = await readFile(archivePath);
      const cid = await computeCid(archive);
      const authorization = await signUpload(account, { taskId, cid });
      const early = enclave === undefined ? {} : { enclave: enclaveUpload(enclave) };
      return (await uploadResult(gatewayUrl, { taskId, archive, authorization, ...early }, { signal })).cid;
    },
  };
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
