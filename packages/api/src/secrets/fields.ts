import { z } from 'zod';

/** Largest value of a secret, bytes of its UTF-8 form. */
export const MAX_SECRET_BYTES = 4096;

/** The value of a secret: text that is not empty. Its size is the limit of the body. */
export const secretValue = z.string().min(1, 'must not be empty');

/** Name of a requester's secret. */
export const secretKey = z.string().regex(/^[0-9A-Za-z\-_]{1,64}$/, 'must be 1 to 64 letters, digits, - or _');

/** Name of an account's own secret: no control characters, no half characters. */
export const secretName = z.string().regex(/^\P{C}{1,256}$/u, 'must be 1 to 256 printable characters');
